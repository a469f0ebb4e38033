//! Which layer wins, and what is refused.

use std::io::Write;

use super::*;

#[test]
fn the_file_wins_over_defaults_and_flags_win_over_the_file() {
    let file = file_with("requests_per_second = 7\nlisten = \"127.0.0.1:9000\"\n");
    let flags = Flags {
        config: Some(file.path().to_owned()),
        listen: Some("127.0.0.1:9001".parse().unwrap()),
        ..Flags::default()
    };
    let resolved = load(&flags).unwrap();
    assert_eq!(resolved.listen, "127.0.0.1:9001".parse().unwrap());
    assert_eq!(
        resolved.settings(resolved.listen).requests_per_second_max,
        7
    );
    assert_eq!(resolved.settings(resolved.listen).drain_max.as_secs(), 120);
}

#[test]
#[expect(clippy::result_large_err, reason = "the error is figment's")]
fn the_environment_stands_between_file_and_flags() {
    figment::Jail::expect_with(|jail| {
        jail.create_file(
            "s.toml",
            "requests_per_second = 7\nworkers = 3\ndrain_seconds = 4\n",
        )?;
        jail.set_env("SWITCHBOARD_WORKERS", "5");
        jail.set_env("SWITCHBOARD_DRAIN_SECONDS", "6");
        jail.set_env("SWITCHBOARD_TOKEN", "is the client's, not ours");
        jail.set_env("SWITCHBOARD_S3__ENDPOINT", "http://127.0.0.1:9");
        jail.set_env("SWITCHBOARD_S3__BUCKET", "b");
        jail.set_env("SWITCHBOARD_S3__ACCESS_KEY", "a");
        jail.set_env("SWITCHBOARD_S3__SECRET_KEY", "s");
        let flags = Flags {
            config: Some("s.toml".into()),
            drain_seconds: Some(8),
            ..Flags::default()
        };
        let resolved = load(&flags).unwrap();
        let settings = resolved.settings(resolved.listen);
        assert_eq!(settings.requests_per_second_max, 7);
        assert_eq!(settings.media_workers, 5);
        assert_eq!(settings.drain_max.as_secs(), 8);
        assert_eq!(settings.storage.unwrap().bucket, "b");
        Ok(())
    });
}

#[test]
fn a_misspelled_key_is_refused_with_the_right_one() {
    for (text, hint) in [
        ("listn = \"127.0.0.1:1\"", "did you mean `listen`?"),
        ("sip-listen = \"127.0.0.1:1\"", "did you mean `sip_listen`?"),
        ("[s3]\nbuckt = \"b\"", "did you mean `s3.bucket`?"),
        ("frobnicate = 1", "known are data, database"),
        ("= 1", "no TOML"),
    ] {
        let why = refusal(text);
        assert!(why.contains(hint), "{text}: {why}");
    }
}

#[test]
fn values_of_the_wrong_kind_are_refused_with_their_key() {
    for (text, key) in [
        ("listen = 5", "listen"),
        ("workers = \"many\"", "workers"),
        ("rtp_ports = \"2-1\"", "rtp_ports"),
        ("requests_per_second = 0", "requests_per_second"),
        (
            "customer_requests_per_second = 0",
            "customer_requests_per_second",
        ),
        ("public_url = \"ftp://x\"", "public_url"),
        ("log_format = \"xml\"", "log_format"),
    ] {
        let why = refusal(text);
        assert!(why.contains(key), "{text}: {why}");
    }
}

#[test]
fn known_keys_stay_on_this_machine() {
    let flags = Flags {
        dev: Some(true),
        listen: Some("0.0.0.0:8080".parse().unwrap()),
        ..Flags::default()
    };
    assert!(load(&flags).unwrap_err().to_string().contains("loopback"));
}

#[test]
fn a_public_address_lets_others_in() {
    let flags = Flags {
        public_ip: Some("203.0.113.7".parse().unwrap()),
        ..Flags::default()
    };
    let resolved = load(&flags).unwrap();
    assert_eq!(resolved.listen, "0.0.0.0:8080".parse().unwrap());
    assert_eq!(
        resolved.settings(resolved.listen).public_url,
        "http://203.0.113.7:8080"
    );
}

fn refusal(text: &str) -> String {
    let file = file_with(text);
    let flags = Flags {
        config: Some(file.path().to_owned()),
        ..Flags::default()
    };
    format!("{:#}", load(&flags).expect_err(text))
}

fn file_with(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}
