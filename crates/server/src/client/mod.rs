//! The command line of the native API: one noun for each resource, the same verbs for most.
//!
//! Secrets come from standard input or the environment; command lines are seen by everybody.

mod agent;
mod audit;
mod call;
mod campaign;
mod documents;
mod extension;
mod llm;
mod remote;
mod resource;
mod resources;
mod sound;
mod speech;
mod staff;
mod table;
mod usersig;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::{
    remote::{Remote, RemoteFlags},
    resource::Verb,
    resources::{NewCredential, NewInstance, NewNumber, NewToken, NewTrunk, NewWebhook},
};

pub use resource::secret_from_stdin;

/// A noun with its verb.
#[derive(Args)]
pub struct Noun<V: Subcommand> {
    #[command(flatten)]
    remote: RemoteFlags,
    #[command(subcommand)]
    verb: V,
}

/// The API of a running centre.
#[derive(Subcommand)]
pub enum ClientCommand {
    /// Instances: the tenants of the installation (SdkAppId).
    Instance(Noun<Verb<NewInstance>>),
    /// Credentials of the clouds' dialects (SecretId, SecretKey).
    Credential(Noun<Verb<NewCredential>>),
    /// Tokens of the native API.
    Token(Noun<Verb<NewToken>>),
    /// Trunks to carriers and PBXs.
    Trunk(Noun<Verb<NewTrunk>>),
    /// Numbers on trunks.
    Number(Noun<Verb<NewNumber>>),
    /// Voice agents.
    Agent(Noun<agent::AgentVerb>),
    /// Language models that voice agents think with.
    Llm(Noun<llm::LlmVerb>),
    /// Recognizers and speakers elsewhere that voice agents hear and speak with.
    Speech(Noun<speech::SpeechVerb>),
    /// Secrets that tools of voice agents carry.
    Secret(Noun<llm::SecretVerb>),
    /// Sounds.
    Sound(Noun<sound::SoundVerb>),
    /// Call rules of an instance.
    Rule(Noun<documents::RuleVerb>),
    /// The do-not-call list of an instance.
    Dnc(Noun<documents::DncVerb>),
    /// The quota of an instance.
    Quota(Noun<documents::QuotaVerb>),
    /// Webhook endpoints.
    Webhook(Noun<Verb<NewWebhook>>),
    /// Deliveries to webhook endpoints.
    Delivery(Noun<documents::DeliveryVerb>),
    /// People: administrators, supervisors, designers, officers, agents.
    Staff(Noun<staff::StaffVerb>),
    /// Skill groups: staff who can take the same kind of work.
    SkillGroup(Noun<Verb<staff::NewSkillGroup>>),
    /// Extensions: internal numbers that SIP phones register for.
    Extension(Noun<extension::ExtensionVerb>),
    /// The audit log: who changed what.
    Audit(Noun<audit::AuditVerb>),
    /// Sign a name for the Desk API or a customer (UserSig).
    Usersig(usersig::UserSigArgs),
    /// Calls.
    Call(Noun<call::CallVerb>),
    /// Campaigns: lists of people to call.
    Campaign(Noun<campaign::CampaignVerb>),
}

/// Carries out a command.
pub async fn run(command: ClientCommand) -> anyhow::Result<ExitCode> {
    match command {
        ClientCommand::Instance(noun) => generic(noun).await,
        ClientCommand::Credential(noun) => generic(noun).await,
        ClientCommand::Token(noun) => generic(noun).await,
        ClientCommand::Trunk(noun) => generic(noun).await,
        ClientCommand::Number(noun) => generic(noun).await,
        ClientCommand::Agent(noun) => agent::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Llm(noun) => llm::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Speech(noun) => speech::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Secret(noun) => llm::secret(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Sound(noun) => sound::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Rule(noun) => documents::rule(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Dnc(noun) => documents::dnc(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Quota(noun) => documents::quota(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Webhook(noun) => generic(noun).await,
        ClientCommand::Delivery(noun) => {
            documents::delivery(&Remote::new(noun.remote)?, noun.verb).await
        }
        ClientCommand::Staff(noun) => staff::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::SkillGroup(noun) => generic(noun).await,
        ClientCommand::Extension(noun) => {
            extension::run(&Remote::new(noun.remote)?, noun.verb).await
        }
        ClientCommand::Audit(noun) => audit::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Usersig(args) => usersig::run(args).await,
        ClientCommand::Call(noun) => call::run(&Remote::new(noun.remote)?, noun.verb).await,
        ClientCommand::Campaign(noun) => campaign::run(&Remote::new(noun.remote)?, noun.verb).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

async fn generic<A: resource::New>(noun: Noun<Verb<A>>) -> anyhow::Result<()> {
    resource::run(&Remote::new(noun.remote)?, noun.verb).await
}
