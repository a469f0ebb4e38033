//! Playing a sound into a call: `PlaySoundCall`.

use api::kernel::{Action, Entry, Reached};
use model::{PlaySound, Refusal, SoundId, TenantId};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    code::{self, PERMISSION_DENIED, SESSION_NOT_EXISTS, SESSION_NOT_IN_CONTROL_STATE},
    session_id::call_id,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<PlaySoundCall>()];

/// Most times that a sound is played by one request.
const PLAY_TIMES_MAX: u32 = 100;

/// Plays an uploaded sound into an answered call, in place of the voice agent.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PlaySoundCall {
    session_id: String,
    file_id: Option<i64>,
    play_times: Option<i64>,
}

#[derive(Serialize)]
struct PlaySoundCallResponse {}

impl Action for PlaySoundCall {
    type Dialect = Ccc;
    type Response = PlaySoundCallResponse;
    const NAME: &'static str = "PlaySoundCall";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: PERMISSION_DENIED,
            when: "the credential is not allowed this instance or this action",
        },
        Reached {
            code: SESSION_NOT_EXISTS,
            when: "the instance has no call with this `SessionId`",
        },
        Reached {
            code: SESSION_NOT_IN_CONTROL_STATE,
            when: "the call is not answered yet, or has ended, or too many sounds wait in it",
        },
        Reached {
            code: "InvalidParameterValue.FileNotExist",
            when: "`FileId` is absent, or the instance has no sound with it",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "`PlayTimes` is not 1 to 100",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let command = self.command(context.tenant.id)?;
        context.app.play_sound(command).await.map_err(fault)?;
        Ok(PlaySoundCallResponse {})
    }
}

/// The action's list has no code for a queue that is full: the call cannot be controlled now.
fn fault(fault: app::Fault) -> Fault {
    match fault {
        app::Fault::Refused(Refusal::Conflict { what }) => Fault::new(
            SESSION_NOT_IN_CONTROL_STATE,
            format!("Session not in control status: {what}."),
            format!("会话不处于可控制状态（{what}）。"),
        ),
        fault @ (app::Fault::Refused(_) | app::Fault::Store(_) | app::Fault::Internal(_)) => {
            Fault::from(fault)
        }
    }
}

impl PlaySoundCall {
    /// `FileId` is optional in the vendor's definition, and nothing can be played without it.
    fn command(self, tenant: TenantId) -> Result<PlaySound, Fault> {
        let times = u32::try_from(self.play_times.unwrap_or(1))
            .ok()
            .filter(|times| (1..=PLAY_TIMES_MAX).contains(times))
            .ok_or_else(|| Fault::wrong_value("PlayTimes", "it is 1 to 100"))?;
        let sound = self
            .file_id
            .ok_or_else(|| code::of(&Refusal::SoundNotFound(0)))?;
        Ok(PlaySound {
            tenant,
            call: call_id(&self.session_id),
            sound: SoundId(sound),
            times,
            over: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_sound_is_played_once_unless_told_otherwise() {
        assert_eq!(
            command(json!({"SessionId": "s", "FileId": 7}))
                .unwrap()
                .times,
            1
        );
        assert_eq!(
            command(json!({"SessionId": "s", "FileId": 7, "PlayTimes": 100}))
                .unwrap()
                .times,
            100
        );
    }

    #[test]
    fn wrong_counts_and_absent_files_have_their_codes() {
        for (request, code) in [
            (
                json!({"SessionId": "s", "FileId": 7, "PlayTimes": 0}),
                "InvalidParameterValue",
            ),
            (
                json!({"SessionId": "s", "FileId": 7, "PlayTimes": 101}),
                "InvalidParameterValue",
            ),
            (
                json!({"SessionId": "s", "FileId": 7, "PlayTimes": i64::MIN}),
                "InvalidParameterValue",
            ),
            (
                json!({"SessionId": "s"}),
                "InvalidParameterValue.FileNotExist",
            ),
        ] {
            assert_eq!(command(request).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_call_in_which_too_many_sounds_wait_is_not_controllable() {
        let full = Refusal::Conflict {
            what: "too many sounds wait".into(),
        };
        let fault = fault(app::Fault::Refused(full));
        assert_eq!(fault.code, "FailedOperation.SessionNotInControlState");
    }

    fn command(request: Value) -> Result<PlaySound, Fault> {
        let action: PlaySoundCall = serde_json::from_value(request).unwrap();
        action.command(TenantId(1))
    }
}
