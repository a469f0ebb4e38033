//! Roles of people, and what each may do.
//!
//! A permission is an area of work, not a route: every route of the native dialect names the one
//! that it needs. Bearer tokens have every permission; what a role gives is decided here alone.

/// What a person is in the centre. A person may have several roles, and may do what any of them
/// may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// May do everything.
    Administrator,
    /// Looks after staff and running calls.
    Supervisor,
    /// Writes what voice agents say.
    Designer,
    /// Compliance and security: reads everything, changes only the do-not-call list.
    Officer,
    /// Takes calls and chats.
    Agent,
}

/// An area of work that a route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// See which instances and people there are, and change one's own status and password: what
    /// everybody who signs in needs.
    Own,
    /// Read calls, conversations with robots, and their events; hear their recordings.
    ReadCalls,
    /// See the telephone numbers of people whole; without it their middle is hidden.
    SeeNumbers,
    /// Place calls, end them, and play sounds in them.
    ControlCalls,
    /// Listen in to running calls, and speak in them.
    ListenIn,
    /// Read chats, and take part in those that one is given.
    Chat,
    /// Read, assign, and end everybody's chats.
    SuperviseChats,
    /// Change the status of others.
    SuperviseStaff,
    /// Add, change and remove people, their roles and skill groups.
    ManageStaff,
    /// Read voice agents and sounds.
    ReadDesign,
    /// Change voice agents and sounds.
    Design,
    /// Read trunks, numbers, rules, quotas and webhook endpoints.
    ReadSettings,
    /// Change them.
    ChangeSettings,
    /// Change the do-not-call list.
    ChangeDoNotCall,
    /// Read, make and remove credentials and tokens.
    ManageKeys,
    /// Read the audit log.
    ReadAudit,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Administrator,
        Self::Supervisor,
        Self::Designer,
        Self::Officer,
        Self::Agent,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Supervisor => "supervisor",
            Self::Designer => "designer",
            Self::Officer => "officer",
            Self::Agent => "agent",
        }
    }

    /// The role with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role gives `permission`.
    pub fn gives(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => true,
            Self::Supervisor => matches!(
                permission,
                P::Own
                    | P::ReadCalls
                    | P::SeeNumbers
                    | P::ControlCalls
                    | P::ListenIn
                    | P::Chat
                    | P::SuperviseChats
                    | P::SuperviseStaff
                    | P::ReadDesign
                    | P::ReadSettings
                    | P::ChangeDoNotCall
            ),
            Self::Designer => matches!(
                permission,
                P::Own
                    | P::ReadCalls
                    | P::ControlCalls
                    | P::ReadDesign
                    | P::Design
                    | P::ReadSettings
            ),
            Self::Officer => matches!(
                permission,
                P::Own
                    | P::ReadCalls
                    | P::SeeNumbers
                    | P::ReadDesign
                    | P::ReadSettings
                    | P::ChangeDoNotCall
                    | P::ReadAudit
            ),
            Self::Agent => matches!(permission, P::Own | P::Chat),
        }
    }
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 16] = [
        Self::Own,
        Self::ReadCalls,
        Self::SeeNumbers,
        Self::ControlCalls,
        Self::ListenIn,
        Self::Chat,
        Self::SuperviseChats,
        Self::SuperviseStaff,
        Self::ManageStaff,
        Self::ReadDesign,
        Self::Design,
        Self::ReadSettings,
        Self::ChangeSettings,
        Self::ChangeDoNotCall,
        Self::ManageKeys,
        Self::ReadAudit,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::ReadCalls => "read_calls",
            Self::SeeNumbers => "see_numbers",
            Self::ControlCalls => "control_calls",
            Self::ListenIn => "listen_in",
            Self::Chat => "chat",
            Self::SuperviseChats => "supervise_chats",
            Self::SuperviseStaff => "supervise_staff",
            Self::ManageStaff => "manage_staff",
            Self::ReadDesign => "read_design",
            Self::Design => "design",
            Self::ReadSettings => "read_settings",
            Self::ChangeSettings => "change_settings",
            Self::ChangeDoNotCall => "change_do_not_call",
            Self::ManageKeys => "manage_keys",
            Self::ReadAudit => "read_audit",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_administrator_makes_people_and_keys() {
        for permission in [
            Permission::ManageStaff,
            Permission::ManageKeys,
            Permission::ChangeSettings,
        ] {
            let able: Vec<Role> = Role::ALL
                .into_iter()
                .filter(|role| role.gives(permission))
                .collect();
            assert_eq!(able, [Role::Administrator], "{}", permission.name());
        }
    }

    #[test]
    fn who_writes_agents_sees_no_number_whole() {
        let able: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| role.gives(Permission::ReadCalls))
            .filter(|role| !role.gives(Permission::SeeNumbers))
            .collect();
        assert_eq!(able, [Role::Designer]);
    }

    #[test]
    fn everybody_may_see_to_their_own() {
        assert!(Role::ALL.iter().all(|role| role.gives(Permission::Own)));
    }

    #[test]
    fn names_lead_back_to_their_role() {
        for role in Role::ALL {
            assert_eq!(Role::by_name(role.name()), Some(role));
        }
        assert_eq!(Role::by_name("root"), None);
    }
}
