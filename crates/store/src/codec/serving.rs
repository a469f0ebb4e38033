//! Who serves the person of a call.

use model::{Server, ServerKind, Serving, ServingEnd, SkillGroupId, StaffId, UnixMs};
use serde::{Deserialize, Serialize};

use super::unknown;
use crate::StoreError;

/// A phone that is rung, and whose it is.
#[derive(Serialize, Deserialize)]
pub(super) struct ServerDoc {
    phone: String,
    address: String,
    staff: Option<i64>,
    email: String,
    name: String,
    skill_group: Option<(i64, String)>,
}

/// What became of it.
#[derive(Serialize, Deserialize)]
pub(super) struct ServingDoc {
    server: ServerDoc,
    offered_at: i64,
    rang_at: Option<i64>,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    end: Option<String>,
}

impl From<&Server> for ServerDoc {
    fn from(server: &Server) -> Self {
        let group = server.skill_group.as_ref();
        Self {
            phone: server.kind.name().into(),
            address: server.address.clone(),
            staff: server.staff.map(|id| id.0),
            email: server.email.clone(),
            name: server.name.clone(),
            skill_group: group.map(|(id, name)| (id.0, name.clone())),
        }
    }
}

impl ServerDoc {
    pub(super) fn server(self) -> Result<Server, StoreError> {
        Ok(Server {
            kind: ServerKind::by_name(&self.phone).ok_or_else(|| unknown("kind of a server"))?,
            address: self.address,
            staff: self.staff.map(StaffId),
            email: self.email,
            name: self.name,
            skill_group: self.skill_group.map(|(id, name)| (SkillGroupId(id), name)),
        })
    }
}

impl From<&Serving> for ServingDoc {
    fn from(serving: &Serving) -> Self {
        Self {
            server: (&serving.server).into(),
            offered_at: serving.offered_at.0,
            rang_at: serving.rang_at.map(|at| at.0),
            answered_at: serving.answered_at.map(|at| at.0),
            ended_at: serving.ended_at.map(|at| at.0),
            end: serving.end.map(|end| end.name().into()),
        }
    }
}

impl ServingDoc {
    pub(super) fn serving(self) -> Result<Serving, StoreError> {
        let end = match self.end {
            Some(name) => {
                Some(ServingEnd::by_name(&name).ok_or_else(|| unknown("end of a serving"))?)
            }
            None => None,
        };
        Ok(Serving {
            server: self.server.server()?,
            offered_at: UnixMs(self.offered_at),
            rang_at: self.rang_at.map(UnixMs),
            answered_at: self.answered_at.map(UnixMs),
            ended_at: self.ended_at.map(UnixMs),
            end,
        })
    }
}
