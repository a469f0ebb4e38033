//! Who holds a socket port, as far as `/proc` tells.

use std::{
    fs,
    net::{SocketAddr, TcpListener, UdpSocket},
};

use anyhow::anyhow;

/// Binds a TCP port, or tells who has it and which flag chooses another.
pub fn bind_tcp(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).map_err(|error| taken(address, flag, "tcp", &error))
}

/// Fails like [`bind_tcp`] where SIP could not be spoken, on UDP or TCP. Port 0 is always free.
pub fn check_sip(address: SocketAddr, flag: &str) -> anyhow::Result<()> {
    drop(UdpSocket::bind(address).map_err(|error| taken(address, flag, "udp", &error))?);
    drop(bind_tcp(address, flag)?);
    Ok(())
}

fn taken(address: SocketAddr, flag: &str, kind: &str, error: &std::io::Error) -> anyhow::Error {
    if error.kind() != std::io::ErrorKind::AddrInUse {
        return anyhow!(
            "failed to listen on {address} ({kind}): {error}; choose another address with {flag}"
        );
    }
    let who = owner(kind, address.port()).map_or_else(String::new, |who| format!(" by {who}"));
    anyhow!("{address} ({kind}) is in use{who}; stop it, or choose another port with {flag}")
}

/// The process that has this port open, such as `nginx (pid 812)`. `None` if it cannot be seen.
pub fn owner(kind: &str, port: u16) -> Option<String> {
    let inode = [format!("/proc/net/{kind}"), format!("/proc/net/{kind}6")]
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .find_map(|table| inode_of(&table, port).map(str::to_owned))?;
    let link = format!("socket:[{inode}]");
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let Ok(open) = fs::read_dir(entry.path().join("fd")) else {
            continue;
        };
        let has_it = open
            .flatten()
            .filter_map(|file| fs::read_link(file.path()).ok())
            .any(|target| target.as_os_str() == link.as_str());
        if has_it {
            let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (pid {pid})", name.trim()));
        }
    }
    None
}

/// The inode of the socket that is bound to `port`, from a table as in proc(5). Listening TCP
/// sockets are in state 0A, bound UDP sockets in state 07.
fn inode_of(table: &str, port: u16) -> Option<&str> {
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (_, local_port) = fields.get(1)?.rsplit_once(':')?;
        let bound = matches!(*fields.get(3)?, "0A" | "07");
        (bound && u16::from_str_radix(local_port, 16).ok()? == port)
            .then(|| fields.get(9).copied())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_its_owner_and_the_flag() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let why = bind_tcp(holder.local_addr().unwrap(), "--listen")
            .unwrap_err()
            .to_string();
        let pid = format!("(pid {})", std::process::id());
        assert!(why.contains(&pid) && why.contains("--listen"), "{why}");
    }
}
