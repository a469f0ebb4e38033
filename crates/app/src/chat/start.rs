//! Beginning a conversation, or finding the one that is open.

use std::sync::Arc;

use engine::chat::Conversation;
use model::{ChatChannel, ChatEvent, ConversationId, ConversationState, Customer};
use store::ChatStep;

use super::{ChatFault, Chats, Outcome, desk::draw, writer::Failed};

/// Characters of what a browser tells of itself.
const TOLD_CHARS_MAX: usize = 500;

/// What a conversation begins with.
#[derive(Clone, Debug)]
pub struct NewConversation {
    /// Who begins it. Is written down.
    pub customer: Customer,
    /// How they reach us.
    pub channel: ChatChannel,
    /// BCP 47 tag; may be empty.
    pub language: String,
    /// The page; may be empty.
    pub page: String,
}

/// A conversation that is open.
#[derive(Clone, Debug)]
pub struct Begun {
    /// As it is.
    pub conversation: model::Conversation,
    /// It was open already.
    pub resumed: bool,
}

impl Chats {
    /// Begins a conversation, or resumes the customer's open one.
    ///
    /// # Errors
    ///
    /// As [`ChatFault`] says.
    pub async fn begin(self: &Arc<Self>, new: NewConversation) -> Result<Begun, ChatFault> {
        if self.is_stopped() {
            return Err(ChatFault::Busy);
        }
        let settings = self.open_settings(new.customer.tenant).await?;
        let customer = self.store.put_customer(&new.customer).await?;
        if let Some(open) = self.open_of(&customer).await? {
            return Ok(Begun {
                conversation: open,
                resumed: true,
            });
        }
        let id = self.fresh_id(&customer).await?;
        let now = self.now();
        let began = ChatEvent::Began {
            tenant: customer.tenant,
            customer: customer.id.clone(),
            customer_name: customer.name.clone(),
            channel: new.channel,
            language: cut(&new.language),
            page: cut(&new.page),
            bot: settings.bot,
        };
        let mut live = Conversation::begun(id.clone(), settings.limits, &began, now)
            .expect("the event begins one");
        let mut events = vec![(now, began)];
        if settings.bot.is_none() && !settings.welcome.is_empty() {
            let welcome = engine::chat::Input::Say {
                author: model::Author::Centre,
                content: model::Content::text(settings.welcome.as_str()),
                request: None,
                draw: draw(),
            };
            let done = live.handle(welcome, now)?;
            events.extend(done.events.into_iter().map(|event| (now, event)));
        }
        let wants = live.wants();
        let step = ChatStep {
            conversation: live.view().clone(),
            wake_at: live.poll_timeout().map(|(at, _)| at),
            wants_work: wants.answer,
            deliveries: self.deliveries(&live, &events, &[]).await?,
            events,
            records: Vec::new(),
            bot_memory: None,
        };
        match self.append(step).await {
            Ok(()) => {}
            // Two tabs of one browser: the other one was first.
            Err(Failed::Overtaken) => {
                let open = self.open_of(&customer).await?;
                let open = open.ok_or(ChatFault::Busy)?;
                return Ok(Begun {
                    conversation: open,
                    resumed: true,
                });
            }
            Err(Failed::Fault(fault)) => return Err(fault),
        }
        let conversation = live.view().clone();
        self.keep(live).await;
        self.follow(customer.tenant, &id, wants, false);
        Ok(Begun {
            conversation,
            resumed: false,
        })
    }

    /// That of the call that the customer is in, or one that nothing has.
    async fn fresh_id(&self, customer: &Customer) -> Result<ConversationId, ChatFault> {
        let of_call = self
            .store
            .conversation_of_running_call(customer.tenant, &customer.id);
        let fresh = || ConversationId(uuid::Uuid::new_v4().to_string());
        Ok(of_call.await?.unwrap_or_else(fresh))
    }

    async fn open_of(&self, customer: &Customer) -> Result<Option<model::Conversation>, ChatFault> {
        let latest = self
            .store
            .latest_conversation(customer.tenant, &customer.id);
        let latest = latest.await?;
        Ok(latest.filter(|latest| latest.state != ConversationState::Ended))
    }

    /// A whole message of a server or of the centre, in the name of a bot.
    ///
    /// # Errors
    ///
    /// As [`ChatFault`] says.
    pub async fn say(
        self: &Arc<Self>,
        tenant: model::TenantId,
        id: &ConversationId,
        author: model::Author,
        mut content: model::Content,
        request: Option<String>,
    ) -> Result<Outcome, ChatFault> {
        content.text = cleaned(&content.text);
        let input = engine::chat::Input::Say {
            author,
            content,
            request,
            draw: draw(),
        };
        self.command(tenant, id, input).await
    }

    /// A piece of a growing message.
    ///
    /// # Errors
    ///
    /// As [`ChatFault`] says.
    pub async fn grow(
        self: &Arc<Self>,
        tenant: model::TenantId,
        id: &ConversationId,
        key: Option<model::MessageKey>,
        text: &str,
        finish: bool,
        request: Option<String>,
    ) -> Result<Outcome, ChatFault> {
        let input = engine::chat::Input::Grow {
            key,
            text: cleaned(text),
            finish,
            request,
            draw: draw(),
        };
        self.command(tenant, id, input).await
    }

    /// Something that staff write for staff.
    ///
    /// # Errors
    ///
    /// As [`ChatFault`] says.
    pub async fn note(
        self: &Arc<Self>,
        tenant: model::TenantId,
        id: &ConversationId,
        by: model::Staffed,
        text: &str,
    ) -> Result<Outcome, ChatFault> {
        let input = engine::chat::Input::Note {
            by,
            text: cleaned(text),
            draw: draw(),
        };
        self.command(tenant, id, input).await
    }
}

/// NUL cannot be stored as text.
pub(super) fn cleaned(text: &str) -> String {
    text.replace('\0', "")
}

fn cut(text: &str) -> String {
    cleaned(text).chars().take(TOLD_CHARS_MAX).collect()
}
