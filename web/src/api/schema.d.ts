// Made by `npm run client` from openapi.json. Change the server, not this file.

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what, newest first
         * @description People need a role that gives `read_audit`.
         */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that no entry of the audit log was altered or cut out
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `read_audit`.
         */
        get: operations["get_audit_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/call-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an instance's call rules
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_call_rules"];
        /**
         * Replace an instance's call rules
         * @description People need a role that gives `change_settings`.
         */
        put: operations["put_call_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List calls, newest first
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_calls"];
        put?: never;
        /**
         * Place a call and put a voice agent on it
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export calls as a table, newest first; at most 100,000
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_calls_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a call with everything known of it
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_calls_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of a call, in order
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_calls_id_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/hangup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a call
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_hangup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put one side of a call on hold
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/instructions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell the voice agent of a call what to say or to think about
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_instructions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/listeners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ring a supervisor who is to listen in to a call
         * @description People need a role that gives `listen_in`.
         */
        post: operations["post_calls_id_listeners"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/listeners/{leg}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let a supervisor who listens in be heard, or not
         * @description People need a role that gives `listen_in`.
         */
        put: operations["put_calls_id_listeners_leg"];
        post?: never;
        /**
         * End listening in
         * @description People need a role that gives `listen_in`.
         */
        delete: operations["delete_calls_id_listeners_leg"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/outline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Give the outlines of a call's two voices, also while it runs
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_calls_id_outline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ring somebody who is to join a call
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_participants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/participants/{leg}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Send a third party out of a call
         * @description People need a role that gives `control_calls`.
         */
        delete: operations["delete_calls_id_participants_leg"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/picture.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Draw a call as a picture
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_calls_id_picture_svg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a side of a call that was put on hold go on
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a call that has ended reviewed again; what is found becomes its event `reviewed`
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/sounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Play a sound into a call
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_sounds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand the person of a call over to somebody
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_calls_id_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List campaigns, newest first
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_campaigns"];
        put?: never;
        /**
         * Make a campaign, with its contacts: it dials as soon as it has some
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_campaigns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a campaign and how far it is
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_campaigns_id"];
        put?: never;
        post?: never;
        /**
         * Remove a campaign with its contacts; its calls stay
         * @description People need a role that gives `control_calls`.
         */
        delete: operations["delete_campaigns_id"];
        options?: never;
        head?: never;
        /**
         * Change a campaign
         * @description People need a role that gives `control_calls`.
         */
        patch: operations["patch_campaigns_id"];
        trace?: never;
    };
    "/api/v1/campaigns/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List dial attempts of a campaign, newest first
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_campaigns_id_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a campaign off for good
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_campaigns_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the contacts of a campaign
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_campaigns_id_contacts"];
        put?: never;
        /**
         * Add contacts to a campaign, all or none
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_campaigns_id_contacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/contacts/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause, resume or take off contacts
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_campaigns_id_contacts_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened to a campaign, in order
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_campaigns_id_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a campaign
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_campaigns_id_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused campaign go on
         * @description People need a role that gives `control_calls`.
         */
        post: operations["post_campaigns_id_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/canned-answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List ready answers
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_canned_answers"];
        put?: never;
        /**
         * Add a ready answer
         * @description People need a role that gives `supervise_chats`.
         */
        post: operations["post_chat_canned_answers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/canned-answers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a ready answer
         * @description People need a role that gives `supervise_chats`.
         */
        delete: operations["delete_chat_canned_answers_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List conversations
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a conversation
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_conversations_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a conversation that one is asked to take
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a conversation
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave such a conversation to others
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events of a conversation after a number
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_conversations_id_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the body as a file to the customer; its name is in X-File-Name
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_files"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/give-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a conversation back to the bot
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_give_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List messages of a conversation, notes included, oldest first
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_conversations_id_messages"];
        put?: never;
        /**
         * Write to the customer
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_messages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write a note that the customer does not see
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_notes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/rating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the customer for an opinion
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_rating"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a conversation from whoever has it
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_take_over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/conversations/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pass a conversation on
         * @description People need a role that gives `chat`.
         */
        post: operations["post_chat_conversations_id_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream events of an instance's conversations, with resume
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch a file of a conversation
         * @description People need a role that gives `chat`.
         */
        get: operations["get_chat_files_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret that signs names (UserSig), and show the new one once
         * @description People need a role that gives `manage_keys`.
         */
        post: operations["post_chat_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how an instance chats
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_chat_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how an instance chats
         * @description People need a role that gives `change_settings`.
         */
        patch: operations["patch_chat_settings"];
        trace?: never;
    };
    "/api/v1/chat/user-sigs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a name for the Desk API or for a customer
         * @description People need a role that gives `manage_keys`.
         */
        post: operations["post_chat_user_sigs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a conversation: its chat and its calls
         * @description People need a role that gives `chat`.
         */
        get: operations["get_conversations_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List credentials
         * @description People need a role that gives `manage_keys`.
         */
        get: operations["get_credentials"];
        put?: never;
        /**
         * Create a credential; its secret is shown once
         * @description People need a role that gives `manage_keys`.
         */
        post: operations["post_credentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a credential, without its secret
         * @description People need a role that gives `manage_keys`.
         */
        get: operations["get_credentials_id"];
        put?: never;
        post?: never;
        /**
         * Remove a credential
         * @description People need a role that gives `manage_keys`.
         */
        delete: operations["delete_credentials_id"];
        options?: never;
        head?: never;
        /**
         * Change what a credential may do
         * @description People need a role that gives `manage_keys`.
         */
        patch: operations["patch_credentials_id"];
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a customer
         * @description People need a role that gives `chat`.
         */
        get: operations["get_customers_id"];
        /**
         * Add a customer, or change their name and numbers
         * @description People need a role that gives `chat`.
         */
        put: operations["put_customers_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a customer's chats and calls, newest first
         * @description People need a role that gives `chat`.
         */
        get: operations["get_customers_id_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries, newest first
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a delivery with every attempt
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_deliveries_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a settled delivery again
         * @description People need a role that gives `change_settings`.
         */
        post: operations["post_deliveries_id_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dialogues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List conversations of robots, newest first
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_dialogues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dialogues/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a conversation of a robot with every turn
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_dialogues_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/do-not-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List numbers that are never dialled
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_do_not_call"];
        put?: never;
        /**
         * Put numbers on the do-not-call list
         * @description People need a role that gives `change_do_not_call`.
         */
        post: operations["post_do_not_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/do-not-call/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a number off the do-not-call list
         * @description People need a role that gives `change_do_not_call`.
         */
        delete: operations["delete_do_not_call_number"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream what happens to calls, people and chats, with resume
         * @description People need a role that gives `own`.
         */
        get: operations["get_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/extensions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List extensions
         * @description People need a role that gives `own`.
         */
        get: operations["get_extensions"];
        put?: never;
        /**
         * Add an extension, whose password is shown once
         * @description People need a role that gives `manage_staff`.
         */
        post: operations["post_extensions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/extensions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an extension and its phones
         * @description People need a role that gives `own`.
         */
        get: operations["get_extensions_number"];
        put?: never;
        post?: never;
        /**
         * Remove an extension
         * @description People need a role that gives `manage_staff`.
         */
        delete: operations["delete_extensions_number"];
        options?: never;
        head?: never;
        /**
         * Change an extension
         * @description People need a role that gives `manage_staff`.
         */
        patch: operations["patch_extensions_number"];
        trace?: never;
    };
    "/api/v1/extensions/{number}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an extension a new password, which is shown once
         * @description People need a role that gives `manage_staff`.
         */
        post: operations["post_extensions_number_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instance-names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an instance another name for other dialects
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `design`.
         */
        post: operations["post_instance_names"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List instances
         * @description People need a role that gives `own`.
         */
        get: operations["get_instances"];
        put?: never;
        /**
         * Create an instance
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        post: operations["post_instances"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an instance
         * @description People need a role that gives `own`.
         */
        get: operations["get_instances_id"];
        put?: never;
        post?: never;
        /**
         * Remove an instance that owns nothing
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        delete: operations["delete_instances_id"];
        options?: never;
        head?: never;
        /**
         * Change an instance
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        patch: operations["patch_instances_id"];
        trace?: never;
    };
    "/api/v1/language-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List language models
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_language_models"];
        put?: never;
        /**
         * Create a language model
         * @description People need a role that gives `design`.
         */
        post: operations["post_language_models"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/language-models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a language model, without its key
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_language_models_id"];
        put?: never;
        post?: never;
        /**
         * Remove a language model
         * @description People need a role that gives `design`.
         */
        delete: operations["delete_language_models_id"];
        options?: never;
        head?: never;
        /**
         * Change a language model
         * @description People need a role that gives `design`.
         */
        patch: operations["patch_language_models_id"];
        trace?: never;
    };
    "/api/v1/language-models/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a language model a few questions and measure it
         * @description People need a role that gives `design`.
         */
        post: operations["post_language_models_id_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List numbers
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_numbers"];
        put?: never;
        /**
         * Add a number to a trunk
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        post: operations["post_numbers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a number
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_numbers_number"];
        put?: never;
        post?: never;
        /**
         * Remove a number from its trunk
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        delete: operations["delete_numbers_number"];
        options?: never;
        head?: never;
        /**
         * Change what a number does
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        patch: operations["patch_numbers_number"];
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description of the native dialect */
        get: operations["get_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what runs and what fails
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a browser registers one's own phone with
         * @description People need a role that gives `own`.
         */
        get: operations["get_phone"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/phone/socket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Speak SIP over a WebSocket
         * @description People need a role that gives `own`.
         */
        get: operations["get_phone_socket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who waits for skill groups now, and how it went since the start
         * @description People need a role that gives `read_calls`.
         */
        get: operations["get_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an instance's quota and usage
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_quotas"];
        /**
         * Grant a quota; usage starts again at zero
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        put: operations["put_quotas"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remote-robots/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show where a voice agent has its words from
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_remote_robots_id"];
        /**
         * Give a voice agent its words from a robot elsewhere
         * @description People need a role that gives `design`.
         */
        put: operations["put_remote_robots_id"];
        post?: never;
        /**
         * Give a voice agent its own words again
         * @description People need a role that gives `design`.
         */
        delete: operations["delete_remote_robots_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/robots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List names of voice agents as robots
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_robots"];
        /**
         * Name a voice agent as a robot
         * @description People need a role that gives `design`.
         */
        put: operations["put_robots"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List roles and what they give
         * @description People need a role that gives `own`.
         */
        get: operations["get_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who is signed in
         * @description People need a role that gives `own`.
         */
        get: operations["get_session"];
        put?: never;
        /** Sign in; the answer sets a cookie */
        post: operations["post_session"];
        /**
         * Sign out
         * @description People need a role that gives `own`.
         */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        /**
         * Change one's own name and language
         * @description People need a role that gives `own`.
         */
        patch: operations["patch_session"];
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change one's own password; all other browsers are signed out
         * @description People need a role that gives `own`.
         */
        put: operations["put_session_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the browsers somebody is signed in with
         * @description People need a role that gives `own`.
         */
        get: operations["get_sign_ins"];
        put?: never;
        post?: never;
        /**
         * Sign oneself out everywhere but here
         * @description People need a role that gives `own`.
         */
        delete: operations["delete_sign_ins"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-ins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign a browser out
         * @description People need a role that gives `own`.
         */
        delete: operations["delete_sign_ins_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skill-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List skill groups
         * @description People need a role that gives `own`.
         */
        get: operations["get_skill_groups"];
        put?: never;
        /**
         * Add a skill group
         * @description People need a role that gives `manage_staff`.
         */
        post: operations["post_skill_groups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skill-groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a skill group
         * @description People need a role that gives `own`.
         */
        get: operations["get_skill_groups_id"];
        put?: never;
        post?: never;
        /**
         * Remove a skill group; its members stay
         * @description People need a role that gives `manage_staff`.
         */
        delete: operations["delete_skill_groups_id"];
        options?: never;
        head?: never;
        /**
         * Change a skill group
         * @description People need a role that gives `manage_staff`.
         */
        patch: operations["patch_skill_groups_id"];
        trace?: never;
    };
    "/api/v1/sounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sounds
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_sounds"];
        put?: never;
        /**
         * Upload a sound, or have it fetched
         * @description People need a role that gives `design`.
         */
        post: operations["post_sounds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sounds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a sound
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_sounds_id"];
        put?: never;
        post?: never;
        /**
         * Remove a sound
         * @description People need a role that gives `design`.
         */
        delete: operations["delete_sounds_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/speech-services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List speech services
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_speech_services"];
        put?: never;
        /**
         * Create a speech service
         * @description People need a role that gives `design`.
         */
        post: operations["post_speech_services"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/speech-services/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a speech service, without its key
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_speech_services_id"];
        put?: never;
        post?: never;
        /**
         * Remove a speech service
         * @description People need a role that gives `design`.
         */
        delete: operations["delete_speech_services_id"];
        options?: never;
        head?: never;
        /**
         * Change a speech service
         * @description People need a role that gives `design`.
         */
        patch: operations["patch_speech_services_id"];
        trace?: never;
    };
    "/api/v1/speech-services/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a speech service speak or listen once, and measure it
         * @description People need a role that gives `design`.
         */
        post: operations["post_speech_services_id_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List people
         * @description People need a role that gives `own`.
         */
        get: operations["get_staff"];
        put?: never;
        /**
         * Add a person
         * @description People need a role that gives `manage_staff`.
         */
        post: operations["post_staff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a person
         * @description People need a role that gives `own`.
         */
        get: operations["get_staff_id"];
        put?: never;
        post?: never;
        /**
         * Remove a person who is offline
         * @description People need a role that gives `manage_staff`.
         */
        delete: operations["delete_staff_id"];
        options?: never;
        head?: never;
        /**
         * Change a person
         * @description People need a role that gives `manage_staff`.
         */
        patch: operations["patch_staff_id"];
        trace?: never;
    };
    "/api/v1/staff/{id}/force-offline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a person offline and sign them out
         * @description People need a role that gives `supervise_staff`.
         */
        post: operations["post_staff_id_force_offline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a person come back who was sent offline
         * @description People need a role that gives `supervise_staff`.
         */
        post: operations["post_staff_id_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/skill-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make these the skill groups of a person
         * @description People need a role that gives `manage_staff`.
         */
        put: operations["put_staff_id_skill_groups"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a person can take
         * @description People need a role that gives `own`.
         */
        get: operations["get_staff_id_status"];
        /**
         * Change what a person can take; in the middle of work, reserve a break
         * @description People need a role that gives `own`.
         */
        put: operations["put_staff_id_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/status-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes of a person's status, oldest first
         * @description People need a role that gives `own`.
         */
        get: operations["get_staff_id_status_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tokens
         * @description People need a role that gives `manage_keys`.
         */
        get: operations["get_tokens"];
        put?: never;
        /**
         * Create a token, which is shown once
         * @description People need a role that gives `manage_keys`.
         */
        post: operations["post_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what is known of a token
         * @description People need a role that gives `manage_keys`.
         */
        get: operations["get_tokens_id"];
        put?: never;
        post?: never;
        /**
         * Remove a token; not the last operator's
         * @description People need a role that gives `manage_keys`.
         */
        delete: operations["delete_tokens_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tool-secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the names of secrets of tools
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_tool_secrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tool-secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a secret of tools
         * @description People need a role that gives `design`.
         */
        put: operations["put_tool_secrets_name"];
        post?: never;
        /**
         * Remove a secret of tools
         * @description People need a role that gives `design`.
         */
        delete: operations["delete_tool_secrets_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List trunks
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `read_settings`.
         */
        get: operations["get_trunks"];
        put?: never;
        /**
         * Create a trunk
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        post: operations["post_trunks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a trunk, without its password
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `read_settings`.
         */
        get: operations["get_trunks_id"];
        put?: never;
        post?: never;
        /**
         * Remove a trunk and its numbers
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        delete: operations["delete_trunks_id"];
        options?: never;
        head?: never;
        /**
         * Change a trunk
         * @description Needs an operator's token, or a person who works for every instance. People need a role that gives `change_settings`.
         */
        patch: operations["patch_trunks_id"];
        trace?: never;
    };
    "/api/v1/voice-agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List voice agents
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_voice_agents"];
        put?: never;
        /**
         * Create a voice agent
         * @description People need a role that gives `design`.
         */
        post: operations["post_voice_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/voice-agents/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a voice agent by text; nothing is saved
         * @description People need a role that gives `read_design`.
         */
        post: operations["post_voice_agents_try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/voice-agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a voice agent
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_voice_agents_id"];
        /**
         * Replace a voice agent, if nobody else has meanwhile
         * @description People need a role that gives `design`.
         */
        put: operations["put_voice_agents_id"];
        post?: never;
        /**
         * Remove a voice agent that answers no number
         * @description People need a role that gives `design`.
         */
        delete: operations["delete_voice_agents_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/voice-agents/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a voice agent, newest first; the latest 200 are kept
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_voice_agents_id_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/voice-agents/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a voice agent as it was in a version
         * @description People need a role that gives `read_design`.
         */
        get: operations["get_voice_agents_id_versions_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/voice-agents/{id}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring a version back, as a new one, if nobody else has saved meanwhile
         * @description People need a role that gives `design`.
         */
        post: operations["post_voice_agents_id_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook endpoints
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_webhook_endpoints"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description People need a role that gives `change_settings`.
         */
        post: operations["post_webhook_endpoints"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook endpoint, without its secrets
         * @description People need a role that gives `read_settings`.
         */
        get: operations["get_webhook_endpoints_id"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook endpoint; what was due to it is given up
         * @description People need a role that gives `change_settings`.
         */
        delete: operations["delete_webhook_endpoints_id"];
        options?: never;
        head?: never;
        /**
         * Change a webhook endpoint
         * @description People need a role that gives `change_settings`.
         */
        patch: operations["patch_webhook_endpoints_id"];
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell that the process lives */
        get: operations["get_healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus; they hold no numbers and no names */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether the database answers and can write */
        get: operations["get_readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fetch a recorded track, whole or in ranges */
        get: operations["get_recordings_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The set-up page */
        get: operations["get_setup"];
        put?: never;
        /** Finish set-up with a one-time token */
        post: operations["post_setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in by an address that an API made, and go to the screens */
        get: operations["get_sign_in_token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/transcripts/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fetch what was said in a call */
        get: operations["get_transcripts_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who does it. */
        ActBody: {
            /** @description Needed with a token; a person who is signed in acts for themselves. */
            staff?: number | null;
        };
        /** @description What became of numbers for the list. */
        AddedView: {
            /**
             * Format: uint64
             * @description How many were not on the list before.
             */
            added: number;
        };
        /** @description A contact that was to be added. */
        AddedView2: {
            /** @description Their id; that of the one who was there already, if their reference was. */
            id: string;
            /** @description They were not there before. */
            is_new: boolean;
        };
        /** @description The first administrator: may do everything, everywhere. */
        AdministratorBody: {
            /** @description Signs in with it. */
            email: string;
            /**
             * @description Of the screens: `en-US` or `zh-CN`.
             * @default en-US
             * @enum {string}
             */
            language: "en-US" | "zh-CN";
            /** @description Shown to colleagues; the e-mail if absent. */
            name?: string | null;
            /** @description 8 to 128 characters. */
            password: string;
        };
        /** @description A definition in one of its two forms. */
        AgentDocument: components["schemas"]["SimpleDocument"] | components["schemas"]["FullDocument"] | components["schemas"]["ModelDocument"] | components["schemas"]["FlowDocument"];
        /** @description What sounds behind the agent. */
        AmbienceText: "coffee_shops" | "busy_office";
        /** @description What an agent made of a step before. */
        AnsweredBody: {
            /** @description What it did then. */
            act: string;
            /** @description What it said. */
            says: string;
            /** @description What it remembered then. */
            state?: string | null;
        };
        /** @description A request of a node. */
        ApiText: {
            /**
             * @description Headers that anybody may see.
             * @default {}
             */
            headers: {
                [key: string]: string;
            };
            /** @description GET and DELETE have the arguments in the query, others as JSON. */
            method?: components["schemas"]["MethodText"];
            /**
             * @description Headers whose values are secrets, by the secrets' names.
             * @default {}
             */
            secret_headers: {
                [key: string]: string;
            };
            /** @description Where; `{name}` is an argument. */
            url: string;
            /**
             * Format: uint32
             * @description Longest wait for the answer, 100 to 8,000 ms.
             * @default 5000
             */
            wait_ms: number;
        };
        /** @description One POST of a delivery. */
        AttemptView: {
            /**
             * Format: date-time
             * @description When it was sent.
             */
            at: string;
            /** @description What went wrong, or what the receiver answered. */
            note: string;
            /**
             * Format: uint16
             * @description HTTP status, if one came.
             */
            status?: number | null;
            /**
             * Format: int64
             * @description How long it took.
             */
            took_ms: number;
        };
        /** @description One dial of one contact. */
        AttemptView2: {
            /** @description The id of its call. */
            call: string;
            /**
             * @description The number.
             * @example +12025550101
             */
            callee: string;
            /** @description Who was dialled. */
            contact: string;
            /**
             * Format: date-time
             * @description When its outcome was known.
             */
            ended_at?: string | null;
            /**
             * Format: uint32
             * @description Counts the attempts of a contact.
             */
            n: number;
            /** @description The outcome. */
            outcome?: string | null;
            /**
             * Format: date-time
             * @description When it was decided.
             */
            planned_at: string;
        };
        /** @description An entry of the audit log. */
        AuditView: {
            /** @description A method and route, or an action of a cloud's dialect. */
            action: string;
            /** @description E-mail of a person, id and name of a token, id of a credential. */
            actor: string;
            /** @description `staff`, `token`, `credential`, `link`, `shell` or `stranger`. */
            actor_kind: string;
            /** @description The network address it came from. */
            address: string;
            /** @description What is there after; secrets are masked. A text if it was too long for the log. */
            after?: unknown;
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description What was there before; secrets are masked. A text if it was too long for the log. */
            before?: unknown;
            /** @description SHA-256 over the hash before and this entry. */
            hash: string;
            /**
             * Format: int64
             * @description Whose things it was about; null is the whole installation.
             */
            instance?: number | null;
            /**
             * Format: int64
             * @description Place in the log, from 1 without gaps.
             */
            n: number;
            /** @description A status, an error code, or `interrupted`: a crash cut it off. */
            outcome: string;
            /** @description What it was done to. */
            subject: string;
        };
        /** @description How we prove who we are. Passwords and secrets are never shown. */
        AuthBody: {
            /** @constant */
            type: "none";
        } | {
            /** @description Password; only in requests. */
            password?: string | null;
            /** @constant */
            type: "basic";
            /** @description User name. */
            user: string;
        } | {
            /** @description Client id. */
            client_id: string;
            /** @description Client secret; only in requests. */
            client_secret?: string | null;
            /** @description Where tokens come from. */
            token_url: string;
            /** @constant */
            type: "oauth2";
        };
        /** @description What cuts the agent. */
        BargeInText: "speech" | "words" | "speech_or_words" | "never";
        /** @description One way out of a node. */
        BranchText: {
            /**
             * @description Rows of keys that mean the same.
             * @default []
             */
            keys: string[];
            /**
             * @description What the caller means, for a language model.
             * @default
             */
            means: string;
            /** @description For reports. */
            name: string;
            /** @description Where it leads. */
            next: string;
            /**
             * @description What reports are told, by name.
             * @default {}
             */
            tags: {
                [key: string]: string;
            };
            /**
             * @description Phrases of which one must occur in what the caller says.
             * @default []
             */
            words: string[];
        };
        /** @description Rules that outbound calls are checked against. Absent rules allow everything. */
        CallRulesBody: {
            /**
             * @description Leading digits, with country code, of callees that are never called.
             * @default []
             */
            blind_areas: string[];
            /** @description How often one callee may be called in an interval. */
            callee_interval?: components["schemas"]["CallsPerBody"] | null;
            /** @description How often one callee may be called in a day of the instance's time zone. */
            callee_per_day?: number | null;
            /** @description How often one caller number may be shown. */
            caller_frequency?: components["schemas"]["CallsPerBody"] | null;
            /**
             * @description Hours in which calls are allowed; empty allows all.
             * @default []
             */
            working_hours: components["schemas"]["HoursBody"][];
        };
        /** @description A call as lists show it. */
        CallSummary: {
            /**
             * Format: date-time
             * @description When media began.
             */
            answered_at?: string | null;
            /**
             * @description Number called.
             * @example +12025550101
             */
            callee: string;
            /**
             * @description Number shown, or calling.
             * @example +12025550101
             */
            caller: string;
            /** @description Why it ended: `completed`, `busy`, `not_answered` … */
            cause?: string | null;
            /** @description The conversation that it belongs to: of a chat, or of an earlier call; its own id if none. */
            conversation: string;
            /** @description The customer, if it is known who that is. */
            customer?: string | null;
            /** @description Who started it. */
            direction: components["schemas"]["DirectionView"];
            /**
             * Format: date-time
             * @description When it was over.
             */
            ended_at?: string | null;
            /** @description Who ended it: `user`, `staff` or `system`. */
            ended_by?: string | null;
            /** @description `SessionId`. */
            id: string;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /**
             * Format: int64
             * @description Number of events so far.
             */
            n_events: number;
            /**
             * Format: date-time
             * @description When the callee's phone first rang.
             */
            rang_at?: string | null;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            started_at: string;
            /** @description `dialing`, `ringing`, `up` or `ended`. */
            state: string;
            /**
             * Format: int64
             * @description Answered time in whole seconds.
             */
            talk_second: number;
            /**
             * Format: int64
             * @description Which way it went.
             */
            trunk?: number | null;
            /**
             * Format: int64
             * @description Who talks.
             */
            voice_agent?: number | null;
            /** @description Its name when the call began. */
            voice_agent_name: string;
        };
        /** @description A call with everything that is known of it. */
        CallView: {
            /**
             * Format: date-time
             * @description When media began.
             */
            answered_at?: string | null;
            /**
             * @description Number called.
             * @example +12025550101
             */
            callee: string;
            /**
             * @description Number shown, or calling.
             * @example +12025550101
             */
            caller: string;
            /** @description Why it ended: `completed`, `busy`, `not_answered` … */
            cause?: string | null;
            /** @description The conversation that it belongs to: of a chat, or of an earlier call; its own id if none. */
            conversation: string;
            /** @description The customer, if it is known who that is. */
            customer?: string | null;
            /** @description Keys that were pressed, in order. */
            digits: components["schemas"]["DigitsView"][];
            /** @description Who started it. */
            direction: components["schemas"]["DirectionView"];
            /**
             * Format: date-time
             * @description When it was over.
             */
            ended_at?: string | null;
            /** @description Who ended it: `user`, `staff` or `system`. */
            ended_by?: string | null;
            /** @description `SessionId`. */
            id: string;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /** @description How long each reply took. */
            latencies: components["schemas"]["LatencyView"][];
            /**
             * Format: int64
             * @description Number of events so far.
             */
            n_events: number;
            /** @description Voice agents that took it over from the first one, in order. */
            next_agents: components["schemas"]["NextAgentView"][];
            /** @description Who else was wanted in it, in order. */
            parties: components["schemas"]["PartyView"][];
            /** @description What media was like. */
            quality?: components["schemas"]["QualityView"] | null;
            /**
             * Format: date-time
             * @description When the callee's phone first rang.
             */
            rang_at?: string | null;
            /**
             * @description The words of its recording, where nobody understood the person in the call: `due`, `there` or
             *     `absent`.
             */
            recognized_afterwards?: string | null;
            /** @description Its tracks, once rendered: the person's first. */
            recordings: components["schemas"]["RecordingView"][];
            /** @description What was found out about it after its end. */
            review?: components["schemas"]["ReviewView"] | null;
            /** @description Phones that were rung for it, in order. */
            servings: components["schemas"]["ServingView"][];
            /** @description The peer's reason in words. */
            sip_reason: string;
            /**
             * Format: uint16
             * @description Final SIP status.
             */
            sip_status?: number | null;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            started_at: string;
            /** @description `dialing`, `ringing`, `up` or `ended`. */
            state: string;
            /**
             * Format: int64
             * @description Answered time in whole seconds.
             */
            talk_second: number;
            /** @description What was said, in order: what was understood in the call, and in its recording. */
            transcript: components["schemas"]["UtteranceView"][];
            /** @description Where what was said can be fetched for 24 hours, once the call has ended: signed. */
            transcript_url?: string | null;
            /**
             * Format: int64
             * @description Which way it went.
             */
            trunk?: number | null;
            /** @description The customer's own text. */
            user_data?: string | null;
            /** @description Values for the agent's texts. */
            variables: components["schemas"]["VariableView"][];
            /**
             * Format: int64
             * @description Who talks.
             */
            voice_agent?: number | null;
            /** @description Its name when the call began. */
            voice_agent_name: string;
        };
        /** @description At most so many calls in so long. */
        CallsPerBody: {
            /** @description Most calls. */
            calls_max: number;
            /** @description Length of the sliding window. */
            window_second: number;
        };
        /** @description Calls in figures. A day begins at midnight where the instance is. */
        CallsView: {
            /**
             * Format: int64
             * @description Of those, how many were answered.
             */
            answered_today: number;
            /**
             * Format: int64
             * @description That run now.
             */
            live: number;
            /**
             * Format: int64
             * @description That began today.
             */
            today: number;
        };
        /** @description Settings of a campaign. */
        CampaignBody: {
            /**
             * @description Attempts at once.
             * @default 10
             */
            at_once: number;
            /**
             * @description Numbers that callees may see, tried in order; any number of the instance if absent.
             * @default []
             */
            callers: string[];
            /**
             * @description Whom to call, added with it: all of it or nothing. Only in the request that makes it; more
             *     are added by `/contacts`.
             */
            contacts?: components["schemas"]["ContactBody"][];
            /**
             * @description What it is for.
             * @default
             */
            description: string;
            /**
             * @description Dialled before campaigns that are not.
             * @default false
             */
            is_urgent: boolean;
            /** @description Its name. */
            name: string;
            /**
             * @description Whether it is paused to begin with: it calls nobody until it is resumed. Only in the request
             *     that makes it.
             */
            paused?: boolean | null;
            /**
             * @description Numbers for the second attempt and later ones; `callers` if absent.
             * @default []
             */
            recall_callers: string[];
            /**
             * @description When a contact is dialled again.
             * @default {
             *       "again_on": [],
             *       "attempts_max": 3,
             *       "attempts_per_day_max": 3,
             *       "give_up_on": [
             *         "empty_number"
             *       ],
             *       "interval_second": 600
             *     }
             */
            retry: components["schemas"]["RetryBody"];
            /** @description Longest time that a phone may ring; 60 if absent. */
            ring_second_max?: number | null;
            /**
             * @description When it may dial.
             * @default {
             *       "days_of_month": [],
             *       "days_of_week": [],
             *       "from": null,
             *       "hours": [],
             *       "time_zone": null,
             *       "to": null
             *     }
             */
            schedule: components["schemas"]["ScheduleBody"];
            /** @description Who talks. */
            voice_agent: number;
        };
        /** @description A campaign. */
        CampaignView: {
            /**
             * @description Attempts at once.
             * @default 10
             */
            at_once: number;
            /**
             * @description Numbers that callees may see, tried in order; any number of the instance if absent.
             * @default []
             */
            callers: string[];
            /**
             * @description Whom to call, added with it: all of it or nothing. Only in the request that makes it; more
             *     are added by `/contacts`.
             */
            contacts?: components["schemas"]["ContactBody"][];
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * @description What it is for.
             * @default
             */
            description: string;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /**
             * @description Dialled before campaigns that are not.
             * @default false
             */
            is_urgent: boolean;
            /** @description Its name. */
            name: string;
            /**
             * @description Whether it is paused to begin with: it calls nobody until it is resumed. Only in the request
             *     that makes it.
             */
            paused?: boolean | null;
            /** @description Its contacts by where they are. */
            progress: components["schemas"]["ProgressView"];
            /**
             * @description Numbers for the second attempt and later ones; `callers` if absent.
             * @default []
             */
            recall_callers: string[];
            /**
             * @description When a contact is dialled again.
             * @default {
             *       "again_on": [],
             *       "attempts_max": 3,
             *       "attempts_per_day_max": 3,
             *       "give_up_on": [
             *         "empty_number"
             *       ],
             *       "interval_second": 600
             *     }
             */
            retry: components["schemas"]["RetryBody"];
            /** @description Longest time that a phone may ring; 60 if absent. */
            ring_second_max?: number | null;
            /**
             * @description When it may dial.
             * @default {
             *       "days_of_month": [],
             *       "days_of_week": [],
             *       "from": null,
             *       "hours": [],
             *       "time_zone": null,
             *       "to": null
             *     }
             */
            schedule: components["schemas"]["ScheduleBody"];
            /** @description `running`, `paused`, `completed` or `canceled`. */
            state: string;
            /** @description Why it paused itself; empty unless it did. */
            trouble: string;
            /**
             * Format: date-time
             * @description When it or its state was last changed.
             */
            updated_at: string;
            /** @description Who talks. */
            voice_agent: number;
        };
        /** @description A ready answer. */
        CannedBody: {
            /** @description What staff type behind `/` to find it. */
            shortcut: string;
            /** @description What it says. */
            text: string;
        };
        /** @description A ready answer. */
        CannedView: {
            /**
             * Format: date-time
             * @description When it was written.
             */
            created_at: string;
            /**
             * Format: int64
             * @description Unique in the installation.
             */
            id: number;
            /** @description What staff type behind `/` to find it. */
            shortcut: string;
            /** @description What it says. */
            text: string;
        };
        /** @description A case of a condition. */
        CaseText: {
            /** @description `=`, `!=`, `<`, `<=`, `>`, `>=` or `contains`; numbers are compared as such. */
            is: string;
            /** @description Where it leads. */
            next: string;
            /** @description With what; may hold `${name}`. */
            value: string;
            /** @description The variable. */
            variable: string;
        };
        /** @description One change of status. */
        ChangeView: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Format: int64
             * @description Counts the changes of a person from 1.
             */
            n: number;
            /** @description Why. */
            reason: string;
            /**
             * @description What it became.
             * @enum {string}
             */
            status: "free" | "busy" | "wrap_up" | "rest" | "not_ready" | "offline";
            /** @description The call or conversation it was about. */
            work?: string | null;
        };
        /** @description Whether calls go through. */
        CircuitView: "unknown" | "closed" | "open";
        /** @description A codec that a trunk may be offered. */
        Codec: "pcma" | "pcmu" | "g722" | "opus";
        /** @description Somebody to call. */
        ContactBody: {
            /**
             * @description Numbers to show instead of the campaign's.
             * @default []
             */
            callers: string[];
            /**
             * @description Shown to people.
             * @default null
             */
            name: string | null;
            /** @description Their numbers: each attempt takes the next one. */
            numbers: string[];
            /**
             * @description Your own id. A campaign takes each once: whoever is there stays as they are.
             * @default null
             */
            reference: string | null;
            /**
             * @description Values for the agent's texts: names of 1 to 64 characters, values of at most 4,096.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
        };
        /** @description Somebody on a list. */
        ContactView: {
            /**
             * Format: date-time
             * @description When they were added.
             */
            created_at: string;
            /** @description Why they were given up: an outcome, or `time_up`. */
            failure?: string | null;
            /** @description Their id. */
            id: string;
            /**
             * Format: uint32
             * @description Attempts that count.
             */
            n_attempts: number;
            /** @description Shown to people. */
            name: string;
            /**
             * Format: date-time
             * @description When they may be dialled, while they wait.
             */
            next_at?: string | null;
            /** @description Their numbers. */
            numbers: string[];
            /** @description Your own id. */
            reference: string;
            /** @description Where they are. */
            state: string;
            /**
             * Format: date-time
             * @description When their state last changed.
             */
            updated_at: string;
        };
        /** @description Contacts to be added. */
        ContactsBody: {
            /** @description They; all are added or none. */
            contacts: components["schemas"]["ContactBody"][];
        };
        /**
         * @description Where a conversation is; `open` is everywhere but ended.
         * @enum {string}
         */
        ConversationStateAsk: "bot" | "queued" | "offered" | "staffed" | "ended" | "open";
        /** @description A conversation, as staff see it. */
        ConversationView: {
            /**
             * Format: date-time
             * @description When it was begun.
             */
            began_at: string;
            /**
             * Format: int64
             * @description The voice agent that answers while a bot does.
             */
            bot?: number | null;
            /** @description How the customer reaches us: `web` or `app`. */
            channel: string;
            /** @description The customer's id. */
            customer: string;
            /** @description The customer's name; may be empty. */
            customer_name: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            ended_at?: string | null;
            /** @description Unique in the installation. */
            id: string;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /**
             * Format: date-time
             * @description When a person took it the last time.
             */
            joined_at?: string | null;
            /** @description As the browser gave it; may be empty. */
            language: string;
            /** @description Beginning of the last message. */
            last_text: string;
            /**
             * Format: int64
             * @description Number of the last event: a cursor to follow it from.
             */
            n: number;
            /**
             * Format: int64
             * @description Customer's messages since somebody else wrote.
             */
            n_unanswered: number;
            /** @description The page it was begun on; may be empty. */
            page: string;
            /**
             * Format: date-time
             * @description Since when the customer waits, or did the last time.
             */
            queued_at?: string | null;
            /**
             * Format: int64
             * @description The customer's opinion, 1 to 5.
             */
            rating?: number | null;
            /**
             * Format: int64
             * @description The skill group that it waits for or came through.
             */
            skill_group?: number | null;
            /** @description Who has it, or is asked to take it; the last one once it has ended. */
            staff?: components["schemas"]["StaffView2"] | null;
            /** @description `bot`, `queued`, `offered`, `staffed` or `ended`. */
            state: string;
            /**
             * Format: date-time
             * @description The last message or change.
             */
            touched_at: string;
        };
        /** @description What a credential may do. */
        CredentialBody: {
            /** @description Actions that it may call, spelled as on the wire (`CreateAIAgentCall`); all if absent. */
            actions?: string[] | null;
            /**
             * @description Off credentials are refused as if they were unknown.
             * @default true
             */
            enabled: boolean;
            /** @description Instances that it may act for. */
            instances: number[];
        };
        /** @description A key pair for the clouds' signed dialects. */
        CredentialView: {
            /** @description Actions that it may call; all if null. */
            actions?: string[] | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description Off credentials are refused as if they were unknown. */
            enabled: boolean;
            /** @description `SecretId`. */
            id: string;
            /** @description Instances that it may act for; with an instance's token, only its own is shown. */
            instances: number[];
            /** @description `SecretKey`; only in the answer that creates it. */
            secret?: string | null;
        };
        /** @description What is written down of a customer. */
        CustomerBody: {
            /** @description Their name; what was known if absent or empty. */
            name?: string | null;
            /**
             * @description The numbers by which they are known on the phone, all of them: a call with one of these is
             *     theirs.
             * @default []
             */
            numbers: string[];
        };
        /** @description A chat or a call of a customer. */
        CustomerHistoryView: {
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /** @description Of a call: it. */
            call?: components["schemas"]["CallSummary"] | null;
            /** @description Of a chat: it. */
            chat?: components["schemas"]["ConversationView"] | null;
            /** @description The conversation: the same for a chat and the calls that belong to it. */
            conversation: string;
            /** @description `chat` or `call`. */
            kind: string;
        };
        /** @description A customer. */
        CustomerView: {
            /**
             * Format: date-time
             * @description Since when they are known.
             */
            created_at: string;
            /** @description As signed names and your API give it, or drawn for a browser. */
            id: string;
            /** @description Their name; may be empty. */
            name: string;
            /** @description The numbers by which they are known on the phone. */
            numbers: string[];
            /** @description Whether a signed name has proved who they are. */
            verified: boolean;
        };
        /**
         * @description A day of the week.
         * @enum {string}
         */
        Day: "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
        /** @description Where a delivery is. */
        DeliveryPhase: "due" | "delivered" | "exhausted";
        /** @description One event on its way to one webhook endpoint. */
        DeliverySummary: {
            /** @description The call it tells of. */
            call: string;
            /**
             * Format: date-time
             * @description When the event happened.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the next attempt is due; null once it is settled.
             */
            due_at?: string | null;
            /**
             * Format: int64
             * @description Its receiver.
             */
            endpoint: number;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /**
             * Format: int64
             * @description Attempts of the present round; a replay starts a new one.
             */
            n_attempts: number;
            /** @description Where it is. */
            state: components["schemas"]["DeliveryPhase"];
            /** @description What it tells. */
            topic: components["schemas"]["Topic"];
            /** @description Same on every attempt: `X-TCCC-PUSH-UUID`. */
            uuid: string;
        };
        /** @description A delivery with its bytes and every attempt. */
        DeliveryView: {
            /** @description Every attempt, in order, of all rounds. */
            attempts: components["schemas"]["AttemptView"][];
            /** @description The bytes that every attempt sends. */
            body: string;
            /** @description The call it tells of. */
            call: string;
            /**
             * Format: date-time
             * @description When the event happened.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the next attempt is due; null once it is settled.
             */
            due_at?: string | null;
            /**
             * Format: int64
             * @description Its receiver.
             */
            endpoint: number;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /**
             * Format: int64
             * @description Attempts of the present round; a replay starts a new one.
             */
            n_attempts: number;
            /** @description Where it is. */
            state: components["schemas"]["DeliveryPhase"];
            /** @description What it tells. */
            topic: components["schemas"]["Topic"];
            /** @description Same on every attempt: `X-TCCC-PUSH-UUID`. */
            uuid: string;
        };
        /** @description A conversation, without its turns. */
        DialogueView: {
            /**
             * Format: date-time
             * @description First question.
             */
            began_at: string;
            /** @description The number that is called, as it was given. */
            callee: string;
            /** @description The number that calls, as it was given. */
            caller: string;
            /**
             * Format: date-time
             * @description When it ended, if it has.
             */
            ended_at?: string | null;
            /** @description Why it ended: `robot`, `caller`, `idle`. */
            ending?: string | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description The owner of the voice agent.
             */
            instance: number;
            /** @description Over which interface it came: `dialogue`, `navigator`, `callback`. */
            interface: string;
            /** @description The other side's name of it. */
            name: string;
            /** @description Which answers the other side understands: `strict`, `extended`. */
            profile: string;
            /** @description The other side's task; may be empty. */
            task: string;
            /**
             * Format: int64
             * @description Its version at the beginning.
             */
            version: number;
            /**
             * Format: int64
             * @description Who talks.
             */
            voice_agent: number;
        };
        /** @description Keys that were pressed. */
        DigitsView: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Which. */
            digits: string;
        };
        /** @description Who started a call. */
        DirectionView: "inbound" | "outbound";
        /** @description Numbers for the list. */
        DoNotCallBody: {
            /** @description The numbers; all are put on the list or none. */
            numbers: string[];
        };
        /** @description A number that is never dialled. */
        DoNotCallView: {
            /**
             * Format: date-time
             * @description When it was put on the list.
             */
            added_at: string;
            /**
             * @description The number.
             * @example +12025550101
             */
            number: string;
        };
        /** @description Whether the sound of calls is encrypted (SRTP, its keys in the SDP). */
        Encryption: "off" | "optional" | "mandatory";
        /** @description How the silence that ends a turn comes about. */
        EndpointingText: "fixed" | "adaptive";
        /** @description Something that happened to a campaign. */
        EventView: {
            /**
             * Format: date-time
             * @description When.
             */
            at?: string | null;
            /** @description The attempt's call. */
            call?: string | null;
            /** @description Who was dialled. */
            contact?: string | null;
            /**
             * Format: int64
             * @description How many contacts.
             */
            contacts?: number | null;
            /**
             * @description What: `created`, `changed`, `contacts_added`, `contacts_moved`, `moved`, `attempt_started`,
             *     `attempt_withdrawn`, `attempt_ended`.
             */
            kind: string;
            /**
             * Format: int64
             * @description Counts from 1.
             */
            n: number;
            /** @description The outcome of an attempt. */
            outcome?: string | null;
            /** @description The state that it, or they, went to. */
            state?: string | null;
            /** @description Why. */
            why: string;
        };
        /** @description Events of one conversation. */
        EventsView: {
            /** @description In order, as in the stream of all conversations. */
            events: unknown[];
            /**
             * Format: int64
             * @description The last number, to go on after.
             */
            next: number;
        };
        /** @description What is written down of an extension. */
        ExtensionBody: {
            /**
             * @description Whether the phone may call numbers outside, and transfer calls there.
             * @default true
             */
            calls_outside: boolean;
            /**
             * @description Codecs that its phone may have, in order of preference.
             * @default [
             *       "pcma",
             *       "pcmu",
             *       "g722",
             *       "opus"
             *     ]
             */
            codecs: components["schemas"]["Codec"][];
            /**
             * @description Whether the sound of the phone's calls is encrypted.
             * @default optional
             */
            encryption: components["schemas"]["Encryption"];
            /**
             * @description How long its phone rings before that, s.
             * @default 20
             */
            forward_after_second: number;
            /** @description Where every call to it goes instead: an extension or a number outside, in digits. */
            forward_always?: string | null;
            /** @description The same for calls while its phone is in another call, or says so. */
            forward_busy?: string | null;
            /** @description The same for calls that its phone does not answer, or cannot. */
            forward_no_answer?: string | null;
            /**
             * @description How its phone is sent key presses.
             * @default auto
             */
            key_presses: components["schemas"]["KeyPressesBody"];
            /**
             * @description How long its phone may send, in a call, neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
             *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
             *     not send, it is not missed.
             * @default 30
             */
            media_timeout_second: number | 0;
            /** @description Shown to people. */
            name: string;
            /** @description The number: 3 to 6 digits, the first not 0. Cannot be changed. */
            number: string;
            /**
             * @description Skill groups whose calls the phone may take.
             * @default []
             */
            skill_groups: number[];
            /** @description E-mail of the person whose phone it is. */
            staff?: string | null;
        };
        /** @description An internal number that a SIP phone registers for. */
        ExtensionView: {
            /** @description Whether it is in a call. */
            busy: boolean;
            /** @description Whether the phone may call numbers outside, and transfer calls there. */
            calls_outside: boolean;
            /** @description Codecs that its phone may have, in order of preference. */
            codecs: components["schemas"]["Codec"][];
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description SIP domain that its phone registers at. */
            domain: string;
            /** @description Whether the sound of the phone's calls is encrypted. */
            encryption: components["schemas"]["Encryption"];
            /**
             * Format: int64
             * @description How long its phone rings before that, s.
             */
            forward_after_second: number;
            /** @description Where every call to it goes instead. */
            forward_always?: string | null;
            /** @description Where calls go while its phone is busy. */
            forward_busy?: string | null;
            /** @description Where calls go that its phone does not answer. */
            forward_no_answer?: string | null;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /** @description How its phone is sent key presses. */
            key_presses: components["schemas"]["KeyPressesBody"];
            /** @description How long its phone may send, in a call, neither sound nor a report of it, s; 0: for ever. */
            media_timeout_second: number | 0;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modified_at: string;
            /** @description Shown to people. */
            name: string;
            /** @description The number. */
            number: string;
            /** @description Where the phone sends its messages, by UDP or TCP. */
            outbound_proxy: string;
            /** @description Where it sends them by TLS; null where that is not spoken. */
            outbound_proxy_tls?: string | null;
            /** @description The phone's password; only in the answer that makes it. */
            password?: string | null;
            /** @description Where it is registered now. */
            phones: components["schemas"]["PhoneView"][];
            /** @description Skill groups whose calls the phone may take. */
            skill_groups: number[];
            /** @description E-mail of the person whose phone it is. */
            staff?: string | null;
        };
        /** @description Words said while the first sentence is late. */
        FillerText: {
            /**
             * Format: uint32
             * @description How late, 200 to 8,000 ms.
             * @default 1500
             */
            after_ms: number;
            /** @description One of these, the next one each time; 1 to 20. */
            lines: components["schemas"]["LineText"][];
        };
        /** @description One thing that was looked at, as `switchboard doctor` tells it. */
        Finding: {
            /** @description What was expected, and what to do; empty when all is well. */
            fix: string;
            /** @description What was found. */
            found: string;
            /** @description How bad it is. */
            level: components["schemas"]["FindingLevel"];
            /** @description What was looked at. */
            what: string;
        };
        /** @description How bad a finding is. */
        FindingLevel: "good" | "warning" | "broken";
        /** @description One thing that was asked for and found. */
        FindingView: {
            /** @description What is meant. */
            description: string;
            /** @description What was asked for. */
            name: string;
        } & ({
            /** @constant */
            type: "text";
            value: string;
        } | {
            /** @constant */
            type: "choice";
            value: string[];
        } | {
            /** @constant */
            type: "yes_no";
            value: boolean;
        } | {
            /** @constant */
            type: "number";
            /** Format: double */
            value: number;
        });
        /** @description The flow form: nodes that lead to one another, as on a canvas. */
        FlowDocument: {
            /** @description Said once when a vendor fails. */
            fallback?: components["schemas"]["LineText"] | null;
            /** @description The nodes. */
            flow: components["schemas"]["FlowText"];
            /** @description Said before hanging up, where no node ended the call. */
            goodbye?: components["schemas"]["LineText"] | null;
            /** @description Language tag of all lines and phrases: `en`, `zh` … */
            language: string;
            /** @description When the call is ended. */
            limits?: components["schemas"]["Limits"];
            /**
             * Format: uint32
             * @description Silence of both sides before the caller is asked again, 1 to 600.
             * @default 10
             */
            no_input_after_second: number;
            /** @description Who hears the caller. */
            recognizer?: components["schemas"]["RecognizerText"] | null;
            /** @description What is found out about a call after its end. */
            review?: components["schemas"]["ReviewText"];
            /** @description Who speaks. */
            speaker?: components["schemas"]["SpeakerText"] | null;
            /** @description What is heard besides words. */
            telephone?: components["schemas"]["Telephone"];
            /** @description Whose turn it is to speak. */
            turns?: components["schemas"]["Turns"];
            /**
             * @description Values for variables that a call does not give.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
            /** @description The speaker's voice; its default for the language if absent. */
            voice?: string | null;
            /**
             * Format: uint32
             * @description Silence before the first node, 0 to 60. The variable `welcome-message-delay` wins.
             * @default 0
             */
            welcome_delay_second: number;
        };
        /** @description Nodes that lead to one another. */
        FlowText: {
            /**
             * @description What these models know of the business, for questions that no node answers.
             * @default
             */
            knowledge: string;
            /**
             * @description Names of language models, at most 5, that find out what words mean where phrases do not.
             * @default []
             */
            models: string[];
            /** @description The nodes by name, 1 to 500. */
            nodes: {
                [key: string]: components["schemas"]["NodeText"];
            };
            /** @description The first node. */
            start: string;
            /**
             * Format: uint32
             * @description How often in a row a caller may say nothing of use before the call ends, 1 to 10.
             * @default 3
             */
            tries_max: number;
        };
        /** @description Where calls to a person go instead. */
        ForwardingBody: {
            /** @description Off settings are kept and have no effect. */
            enabled: boolean;
            /** @description Who takes them. */
            target: components["schemas"]["TargetBody"];
            /** @description Whether every call is forwarded; otherwise those that the person cannot take. */
            unconditional: boolean;
        };
        /** @description The full form: steps that lead to one another. */
        FullDocument: {
            /** @description Said once when a vendor fails. */
            fallback?: components["schemas"]["LineText"] | null;
            /** @description Said before hanging up. */
            goodbye?: components["schemas"]["LineText"] | null;
            /** @description Said first. Without one the caller speaks first. */
            greeting?: components["schemas"]["LineText"] | null;
            /**
             * @description Whether the caller may cut the greeting.
             * @default true
             */
            greeting_interruptible: boolean;
            /**
             * @description Whether the caller may cut the lines of steps that do not say otherwise.
             * @default true
             */
            interruptible: boolean;
            /** @description Language tag of all lines and phrases: `en`, `zh` … */
            language: string;
            /** @description When the call is ended. */
            limits?: components["schemas"]["Limits"];
            /** @description What to do when the caller says nothing. */
            no_input?: components["schemas"]["NoInputText"] | null;
            /** @description What to do when the caller's words match no answer. */
            no_match?: components["schemas"]["ReactionText"] | null;
            /** @description Who hears the caller. */
            recognizer?: components["schemas"]["RecognizerText"] | null;
            /** @description What is found out about a call after its end. */
            review?: components["schemas"]["ReviewText"];
            /** @description Who speaks. */
            speaker?: components["schemas"]["SpeakerText"] | null;
            /** @description Name of the step after the greeting. */
            start: string;
            /** @description The steps by name, 1 to 1,000. */
            steps: {
                [key: string]: components["schemas"]["StepText"];
            };
            /** @description What is heard besides the agent's words, and what to do about machines. */
            telephone?: components["schemas"]["Telephone"];
            /** @description Whose turn it is to speak. */
            turns?: components["schemas"]["Turns"];
            /**
             * @description Values for variables that a call does not give.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
            /** @description The speaker's voice; its default for the language if absent. */
            voice?: string | null;
            /**
             * Format: uint32
             * @description Silence before the greeting, 0 to 60. The variable `welcome-message-delay` wins.
             * @default 0
             */
            welcome_delay_second: number;
        };
        /** @description A stretch of a track that holds no original sound. */
        GapView: {
            /** @description `lost`: packets did not arrive; `torn`: the process ended before the audio was on disk. */
            cause: string;
            /**
             * Format: int64
             * @description Its length.
             */
            len_ms: number;
            /**
             * Format: int64
             * @description From the start of the recording.
             */
            start_ms: number;
        };
        /** @description A good answer. */
        HealthView: {
            /** @description `ok`. */
            status: string;
        };
        /** @description What words do to the silence that ends a turn. */
        HintsText: "off" | "longer" | "both" | "recognizer";
        /** @description Changes of status, oldest first. */
        HistoryView: {
            /** @description At most 1000; go on after the last one's `n`. */
            items: components["schemas"]["ChangeView"][];
        };
        /** @description A stretch of a day in which calls are allowed, in the instance's time zone. */
        HoursBody: {
            /** @description Days that it holds for. */
            days: components["schemas"]["Day"][];
            /** @description First second: `09:00` or `09:00:00`. */
            from: string;
            /** @description First second after it, later than `from`; `24:00` is the end of the day. */
            to: string;
        };
        /** @description A stretch of a day. */
        HoursBody2: {
            /** @description First second: `09:00` or `09:00:00`. */
            from: string;
            /** @description First second after it, later than `from`; `24:00` is the end of the day. */
            to: string;
        };
        /** @description Hours of some days of the week. */
        HoursText: {
            /** @description 1 (Monday) to 7. */
            days: number[];
            /** @description `09:00` */
            from: string;
            /** @description `17:30`, at most `24:00`. */
            to: string;
        };
        /** @description How a trunk is told who calls. */
        IdentityBody: "from" | "asserted" | "hidden";
        /** @description What an operator writes down of an instance. */
        InstanceBody: {
            /**
             * @description Country code for numbers that API callers write nationally.
             * @default 86
             */
            country_code: string;
            /** @description Shown to people. */
            name: string;
            /**
             * @description IANA time zone of its days and working hours.
             * @default Asia/Shanghai
             */
            time_zone: string;
        };
        /** @description Another name for an instance. */
        InstanceNameBody: {
            /** @description `InstanceId`, as callers send it; unique in the installation. */
            name: string;
        };
        /** @description One customer of the installation; owns everything else. */
        InstanceView: {
            /** @description Country code for numbers that API callers write nationally. */
            country_code: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: int64
             * @description `SdkAppId`.
             */
            id: number;
            /** @description Shown to people. */
            name: string;
            /** @description IANA time zone of its days and working hours. */
            time_zone: string;
        };
        /** @description What the voice agent is told: to say something, or to think about something. */
        InstructionBody: {
            /**
             * @description Whether it cuts what is going on.
             * @default false
             */
            interrupt: boolean;
            /**
             * @description Whether the person may cut what is said. While something that may not be cut waits or is
             *     said, other instructions are dropped.
             * @default true
             */
            interruptible: boolean;
            /**
             * @description Whether what was heard of it enters the history of the model.
             * @default false
             */
            remembered: boolean;
            /** @description Words for its speaker. */
            say?: string | null;
            /**
             * @description Whether the call ends once it was heard.
             * @default false
             */
            then_hang_up: boolean;
            /** @description Words for its model, as if the person had said them. */
            think?: string | null;
            /**
             * @description Whether words to say wait for silence where they do not cut; otherwise they are dropped.
             *     What is to be thought about always waits.
             * @default false
             */
            waits: boolean;
        };
        /** @description What became of an instruction. */
        InstructionView: {
            /**
             * @description `taken`: it is carried out now; `waits`: for silence; `dropped`: somebody spoke, or something
             *     came first.
             */
            outcome: string;
        };
        /** @description Interfaces of robots. */
        Interface: "dialogue" | "callbacks";
        /** @description What kind of answer there is. */
        ItemKind: "text" | "choice" | "yes_no" | "number";
        /** @description One thing that is to be found out. */
        ItemText: {
            /**
             * @description What there is to choose from, at most 50.
             * @default []
             */
            choices: string[];
            /**
             * @description What is meant.
             * @default
             */
            description: string;
            /**
             * @description What a text may look like, at most 50.
             * @default []
             */
            examples: string[];
            /** @description Its name, 1 to 64 characters. */
            name: string;
            /** @description What kind of answer it has. */
            type: components["schemas"]["ItemKind"];
        };
        /** @description How key presses are sent to the other side. Heard are those of every kind that comes. */
        KeyPressesBody: "auto" | "info" | "tones";
        /** @description The kind of work a skill group takes. */
        KindBody: "phone" | "chat" | "audio" | "video";
        /** @description What an author writes down of a language model. */
        LanguageModelBody: {
            /** @description Further fields of each request. */
            extra_body?: {
                [key: string]: unknown;
            };
            /**
             * @description Longest wait for the first word, ms.
             * @default 5000
             */
            first_token_ms: number;
            /** @description Its key. Never shown; without it in a change the present one stays, null removes it. */
            key?: string | null;
            /** @description The longest answer in tokens; the server's own if absent. */
            max_tokens?: number | null;
            /** @description The model, or Azure's deployment; Dify has none. */
            model?: string | null;
            /** @description By which voice agents know it; unique in its instance. */
            name: string;
            /**
             * @description Longest wait between two pieces of an answer, ms.
             * @default 5000
             */
            piece_ms: number;
            /**
             * Format: double
             * @description Sampling temperature, 0 to 2; the server's own if absent.
             */
            temperature?: number | null;
            /**
             * Format: double
             * @description Nucleus sampling, 0 to 1; the server's own if absent.
             */
            top_p?: number | null;
            /**
             * @description Which protocol it speaks.
             * @default openai
             */
            type: components["schemas"]["LanguageModelType"];
            /**
             * @description Its base: `https://api.openai.com/v1`, `https://NAME.openai.azure.com?api-version=…`,
             *     `https://api.minimax.io/v1`, `https://api.dify.ai/v1`.
             */
            url: string;
        };
        /** @description Which protocol a model speaks. */
        LanguageModelType: "openai" | "azure" | "minimax" | "dify";
        /** @description A language model. */
        LanguageModelView: {
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description Further fields of each request. */
            extra_body?: {
                [key: string]: unknown;
            };
            /**
             * @description Longest wait for the first word, ms.
             * @default 5000
             */
            first_token_ms: number;
            /** @description Whether a key is stored. */
            has_key: boolean;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Its key. Never shown; without it in a change the present one stays, null removes it. */
            key?: string | null;
            /** @description The longest answer in tokens; the server's own if absent. */
            max_tokens?: number | null;
            /** @description The model, or Azure's deployment; Dify has none. */
            model?: string | null;
            /** @description By which voice agents know it; unique in its instance. */
            name: string;
            /**
             * @description Longest wait between two pieces of an answer, ms.
             * @default 5000
             */
            piece_ms: number;
            /**
             * Format: double
             * @description Sampling temperature, 0 to 2; the server's own if absent.
             */
            temperature?: number | null;
            /**
             * Format: double
             * @description Nucleus sampling, 0 to 1; the server's own if absent.
             */
            top_p?: number | null;
            /**
             * @description Which protocol it speaks.
             * @default openai
             */
            type: components["schemas"]["LanguageModelType"];
            /**
             * @description Its base: `https://api.openai.com/v1`, `https://NAME.openai.azure.com?api-version=…`,
             *     `https://api.minimax.io/v1`, `https://api.dify.ai/v1`.
             */
            url: string;
        };
        /** @description How long a status lasted. */
        LastedView: {
            /**
             * Format: uint64
             * @description Seconds.
             */
            seconds: number;
            /**
             * @description Which.
             * @enum {string}
             */
            status: "free" | "busy" | "wrap_up" | "rest" | "not_ready" | "offline";
        };
        /**
         * @description How long one reply took, from the last packet of the caller's speech to the first of the reply.
         *     The parts add up to `total_ms`.
         */
        LatencyView: {
            /**
             * Format: double
             * @description Deciding that the caller's turn is over.
             */
            endpointing_ms: number;
            /**
             * Format: double
             * @description Its part from there to the first sentence.
             */
            first_sentence_ms: number;
            /**
             * Format: double
             * @description Its part before the first sign of life, such as a model's first token.
             */
            first_token_ms: number;
            /**
             * Format: double
             * @description Waiting for the packet clock.
             */
            queue_ms: number;
            /**
             * Format: double
             * @description Waiting for words after that.
             */
            recognizer_ms: number;
            /**
             * Format: double
             * @description Making it sound.
             */
            speaker_ms: number;
            /**
             * Format: double
             * @description Deciding what to say, up to the first sentence that can be spoken: the sum of the two that
             *     follow.
             */
            thinker_ms: number;
            /**
             * Format: double
             * @description All of it.
             */
            total_ms: number;
            /**
             * Format: uint32
             * @description Counts replies of a call from 1.
             */
            turn: number;
        };
        /** @description A party that is rung. */
        LegView: {
            /**
             * Format: uint32
             * @description Its number in the call, for changes and events.
             */
            leg: number;
        };
        /** @description When the call is ended; what is absent stays at its default. */
        Limits: {
            /**
             * Format: uint32
             * @description Longest time from the answer to the hang-up, 10 to 14,400 s.
             */
            call_second?: number | null;
            /**
             * Format: uint32
             * @description Longest silence of the caller, 5 to 3,600 s.
             */
            silence_second?: number | null;
        };
        /** @description One thing to say: words, or `{"sound": id}`. */
        LineText: string | {
            /**
             * Format: int64
             * @description Its id.
             */
            sound: number;
        };
        /** @description Who is to listen in to a call. */
        ListenerBody: {
            /** @description The extension that is rung; that of whoever is signed in, if absent. */
            extension?: string | null;
            /** @description Who hears the supervisor; nobody if absent. */
            mode?: components["schemas"]["ModeView"];
        };
        /** @description A server of the Model Context Protocol. */
        McpText: {
            /**
             * @description Headers that anybody may see.
             * @default {}
             */
            headers: {
                [key: string]: string;
            };
            /**
             * @description The tools that may be called; all if empty.
             * @default []
             */
            only: string[];
            /**
             * @description Headers whose values are secrets, by the secrets' names.
             * @default {}
             */
            secret_headers: {
                [key: string]: string;
            };
            /** @description Its endpoint, by the streamable HTTP transport. */
            url: string;
            /**
             * Format: uint32
             * @description Longest wait for the answer of a tool, 100 to 8,000 ms.
             * @default 5000
             */
            wait_ms: number;
        };
        /** @description A skill group that a person is in. */
        MembershipBody: {
            /**
             * @description 1 is asked first, 5 last; 3 if absent.
             * @default 3
             */
            priority: number;
            /**
             * Format: int64
             * @description Id of the skill group.
             */
            skill_group: number;
        };
        /** @description The skill groups that a person is to be in. */
        MembershipsBody: {
            /** @description These and no others. */
            skill_groups: components["schemas"]["MembershipBody"][];
        };
        /** @description A message as it stands. */
        MessageView: {
            /**
             * Format: date-time
             * @description When it was begun.
             */
            at: string;
            /** @description It was cut before its end. */
            cut: boolean;
            /** @description The cloud's message elements, where it is more than text. */
            elements?: unknown;
            /** @description The file that it is. */
            file?: string | null;
            /** @description Who wrote it: `{"kind": "customer" | "bot" | "staff" | "centre", "name"?, "id"?}`. */
            from: unknown;
            /** @description Unique in the installation. */
            key: string;
            /**
             * Format: int64
             * @description Number of the event that began it.
             */
            n: number;
            /** @description It is still growing. */
            open: boolean;
            /** @description Only staff see it. */
            private: boolean;
            /** @description What it says so far. */
            text: string;
        };
        /** @description How a tool is asked. */
        MethodText: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
        /** @description When calls ring a mobile phone. */
        MobileAcceptBody: "off" | "when_offline" | "always";
        /** @description How a supervisor listens in. */
        ModeBody: {
            /** @description Who hears the supervisor. */
            mode: components["schemas"]["ModeView"];
        };
        /** @description Who hears a supervisor. */
        ModeView: "listen" | "whisper" | "barge";
        /** @description The model form: language models decide what is said. */
        ModelDocument: {
            /** @description Said once when all models fail, or the speaker does. */
            fallback?: components["schemas"]["LineText"] | null;
            /** @description Said before hanging up, where the model says nothing. */
            goodbye?: components["schemas"]["LineText"] | null;
            /** @description Said first. Without one the caller speaks first, unless `thinker.greets`. */
            greeting?: components["schemas"]["LineText"] | null;
            /**
             * @description Whether the caller may cut the greeting.
             * @default true
             */
            greeting_interruptible: boolean;
            /** @description Language tag of all lines: `en`, `zh` … */
            language: string;
            /** @description When the call is ended. */
            limits?: components["schemas"]["Limits"];
            /** @description What to do when the caller says nothing; without lines the model is asked. */
            no_input?: components["schemas"]["NoInputText"] | null;
            /** @description Said when the recognizer understood nothing; without it the model is asked. */
            no_match?: components["schemas"]["LineText"] | null;
            /** @description Who hears the caller. */
            recognizer?: components["schemas"]["RecognizerText"] | null;
            /** @description What is found out about a call after its end. */
            review?: components["schemas"]["ReviewText"];
            /** @description Who speaks. */
            speaker?: components["schemas"]["SpeakerText"] | null;
            /** @description What is heard besides words. */
            telephone?: components["schemas"]["Telephone"];
            /** @description Who thinks. */
            thinker: components["schemas"]["ThinkerText"];
            /** @description Whose turn it is to speak. */
            turns?: components["schemas"]["Turns"];
            /**
             * @description Values for variables that a call does not give.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
            /** @description The speaker's voice; its default for the language if absent. */
            voice?: string | null;
            /**
             * Format: uint32
             * @description Silence before the greeting, 0 to 60. The variable `welcome-message-delay` wins.
             * @default 0
             */
            welcome_delay_second: number;
        };
        /** @description What is to become of contacts. */
        MoveBody: {
            /**
             * @description Only these ids.
             * @default []
             */
            ids: string[];
            /**
             * @description Only those with these references. With neither ids nor references: all.
             * @default []
             */
            references: string[];
            /** @description `paused`, `waiting` (those that are paused) or `canceled`. */
            to: string;
        };
        /** @description What became of contacts. */
        MovedView: {
            /**
             * Format: uint64
             * @description How many were moved, or will be after the attempt that is under way.
             */
            moved: number;
        };
        /** @description A voice agent that took the call over. */
        NextAgentView: {
            /** @description Its name at that time. */
            name: string;
            /**
             * Format: date-time
             * @description Since when it had the person.
             */
            since: string;
            /**
             * Format: int64
             * @description Its version at that time.
             */
            version: number;
            /**
             * Format: int64
             * @description Which.
             */
            voice_agent: number;
        };
        /**
         * @description Where the dialogue goes: `"repeat"`, `"stay"`, `"hang_up"`, `{"step": name}` or
         *     `{"transfer": name}`.
         */
        NextText: {
            step: string;
        } | "repeat" | "stay" | "hang_up" | {
            transfer: string;
        };
        /** @description What to do when the caller says nothing. */
        NoInputText: {
            /**
             * Format: uint32
             * @description Silence of both sides before it counts, 1 to 600.
             * @default 10
             */
            after_second: number;
            /** @description Said the first time, the second time and so on; the last one repeats. */
            lines?: components["schemas"]["LineText"][];
            /**
             * Format: uint32
             * @description How often in a row before `then`, 0 to 100.
             * @default 3
             */
            max: number;
            /** @description Where the next time leads. */
            then?: components["schemas"]["NextText"];
        };
        /** @description One node. */
        NodeText: {
            /** @description Said when the caller is asked again. */
            again?: components["schemas"]["LineText"] | null;
            /** @description Ways by what the caller says, at most 50. */
            branches?: components["schemas"]["BranchText"][];
            /**
             * @description Whether the caller may cut it.
             * @default true
             */
            interruptible: boolean;
            /** @description Where filled slots lead, or a node that does not listen. */
            next?: string | null;
            /** @description Where silence leads. */
            no_response?: string | null;
            /** @description Where other words lead. */
            other?: string | null;
            /** @description Where a caller leads who will not fill a slot. */
            refused?: string | null;
            /** @description Said on arrival. */
            say?: components["schemas"]["LineText"] | null;
            /** @description What is asked for, at most 20. */
            slots?: components["schemas"]["SlotText"][];
            /** @constant */
            type: "dialogue";
        } | {
            /** @description Said when a key means nothing. */
            again?: components["schemas"]["LineText"] | null;
            /** @description Ways by rows of keys, at most 50. */
            branches?: components["schemas"]["BranchText"][];
            /** @description The variable that a row of any length goes into. */
            collect?: string | null;
            /**
             * @description Whether the caller may cut it.
             * @default true
             */
            interruptible: boolean;
            /** @description Where a collected row leads. */
            next?: string | null;
            /** @description Where a caller leads who presses nothing that is known. */
            otherwise?: string | null;
            /** @description Said on arrival. */
            say?: components["schemas"]["LineText"] | null;
            /** @constant */
            type: "key_press";
        } | {
            /** @description Where it leads that there is none. */
            failure: string;
            /**
             * @description Arguments; the values may hold `${name}`.
             * @default {}
             */
            inputs: {
                [key: string]: string;
            };
            /**
             * @description Fields of the answer that become variables of their names.
             * @default []
             */
            outputs: string[];
            /** @description The request; its name and description are not needed. */
            request: components["schemas"]["ApiText"];
            /** @description Where an answer leads. */
            success: string;
            /** @constant */
            type: "api_call";
            /**
             * @description Whether the flow waits for the answer.
             * @default true
             */
            wait: boolean;
        } | {
            /** @description Where that leads. */
            during: string;
            /** @description When it is open. */
            open: components["schemas"]["HoursText"][];
            /** @description Where any other time leads. */
            outside: string;
            /** @constant */
            type: "work_time";
            /** @description IANA time zone. */
            zone: string;
        } | {
            /** @description At most 50. */
            cases: components["schemas"]["CaseText"][];
            /** @description Where it leads that none holds. */
            otherwise: string;
            /** @constant */
            type: "condition";
        } | {
            /** @description Where it leads. */
            next: string;
            /** @constant */
            type: "set_variable";
            /** @description Values by name; they may hold `${name}`. */
            values: {
                [key: string]: string;
            };
        } | {
            /** @description Where it leads that nobody took over; otherwise the call ends. */
            failed?: string | null;
            /** @description Said before. */
            say?: components["schemas"]["LineText"] | null;
            /** @description To whom, as `transfer` in answers. */
            target: string;
            /** @constant */
            type: "transfer";
        } | {
            /** @description Where it leads that this failed; otherwise the call ends. */
            failed?: string | null;
            /** @description Said before. */
            say?: components["schemas"]["LineText"] | null;
            /** @description Which one, as `transfer` in answers. */
            target: string;
            /** @constant */
            type: "transfer_agent";
        } | {
            /** @description Said before. */
            say?: components["schemas"]["LineText"] | null;
            /** @constant */
            type: "end_call";
        };
        /** @description A note that the customer does not see. */
        NoteBody: {
            /** @description Needed with a token; a person who is signed in acts for themselves. */
            staff?: number | null;
            /** @description What it says. */
            text: string;
        };
        /** @description What is said about silence. */
        NotifyText: {
            /**
             * Format: uint32
             * @description Silence of both sides before it is said, 1 to 600 s.
             */
            after_second?: number | null;
            /**
             * Format: uint32
             * @description How often in a row, 1 to 100; always if absent.
             */
            max?: number | null;
            /** @description The line. */
            say: components["schemas"]["LineText"];
        };
        /** @description A number and what it does. */
        NumberBody: {
            /**
             * @description Off numbers are neither shown nor answered.
             * @default true
             */
            enabled: boolean;
            /**
             * Format: int64
             * @description Voice agent that answers calls to it; none if absent.
             */
            inbound_agent?: number | null;
            /**
             * Format: int64
             * @description Skill group whose people answer calls to it; only without a voice agent.
             */
            inbound_group?: number | null;
            /**
             * @description The instance that may use it.
             * @example 1400000001
             */
            instance: number;
            /**
             * @description The number. Cannot be changed.
             * @example +12025550101
             */
            number: string;
            /**
             * @description May be shown on outbound calls.
             * @default true
             */
            outbound: boolean;
            /**
             * Format: int64
             * @description The trunk that it is on. Cannot be changed.
             */
            trunk: number;
        };
        /** @description A number and what it does. */
        NumberView: {
            /** @description Off numbers are neither shown nor answered. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Voice agent that answers calls to it.
             */
            inbound_agent?: number | null;
            /**
             * Format: int64
             * @description Skill group whose people answer calls to it.
             */
            inbound_group?: number | null;
            /**
             * Format: int64
             * @description The instance that may use it.
             */
            instance: number;
            /**
             * @description The number.
             * @example +12025550101
             */
            number: string;
            /** @description May be shown on outbound calls. */
            outbound: boolean;
            /**
             * Format: int64
             * @description The trunk that it is on.
             */
            trunk: number;
        };
        /** @description What became of it. */
        OutcomeView: "answered" | "failed" | "overtaken" | "stopped";
        /** @description The two voices of a call, as loud as they were. */
        OutlineView: {
            /** @description Loudness of what we sent. */
            agent: number[];
            /** @description The call. */
            call: string;
            /**
             * Format: uint64
             * @description Length of the recording so far.
             */
            duration_ms: number;
            /**
             * Format: uint32
             * @description Levels in one second.
             */
            levels_per_second: number;
            /**
             * Format: date-time
             * @description Wall time of the first level: the beginning of the recording.
             */
            started_at: string;
            /** @description Loudness of the person, 0 to 255: the largest amplitude in each stretch. */
            user: number[];
        };
        /** @description What runs and what fails. */
        OverviewView: {
            /**
             * Format: date-time
             * @description When it was put together.
             */
            at: string;
            /** @description Calls. */
            calls: components["schemas"]["CallsView"];
            /** @description What was looked at, at most a minute ago. Empty for callers who see one instance only. */
            findings: components["schemas"]["Finding"][];
            /** @description The worst of `findings`. */
            health: components["schemas"]["FindingLevel"];
            /** @description Webhooks. */
            pushes: components["schemas"]["PushesView"];
            /** @description People by what they can take. */
            staff: components["schemas"]["StaffCountView"][];
            /** @description Trunks; empty for callers who see one instance only. */
            trunks: components["schemas"]["TrunkStateView"][];
            /**
             * Format: uint64
             * @description Seconds since it was started.
             */
            uptime_seconds: number;
            /** @description The program. */
            version: string;
        };
        /** @description What a person changes of themselves; what is absent stays. */
        OwnBody: {
            /**
             * @description Of the screens.
             * @enum {string|null}
             */
            language?: "en-US" | "zh-CN" | null;
            /** @description Shown to colleagues. */
            name?: string | null;
            /** @description Shown to customers; may be empty. */
            nick?: string | null;
        };
        /** @description A new password for oneself. */
        OwnPasswordBody: {
            /** @description The one that is to be good, 8 to 128 characters. */
            password: string;
            /** @description The one that is good now. */
            present: string;
        };
        /** @description What a browser registers the phone of who is signed in with. */
        OwnPhoneView: {
            /** @description Domain of its address. */
            domain: string;
            /**
             * @description The hash that proves the password in this realm: MD5 of user, realm and password (RFC 7616 section
             *     3.4.2), in hex. A new password of the extension ends it.
             */
            ha1: string;
            /** @description Shown to people. */
            name: string;
            /** @description Number of the extension, and user of its address. */
            number: string;
            /** @description Realm of our challenges. */
            realm: string;
            /** @description Path of the WebSocket (protocol `sip`) on this server. */
            socket: string;
        };
        /** @description A page of a list. */
        PageOfAddedView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["AddedView2"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfAttemptView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["AttemptView2"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfAuditView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["AuditView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfCallSummary: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["CallSummary"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfCampaignView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["CampaignView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfCannedView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["CannedView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfContactView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["ContactView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfConversationView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["ConversationView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfCredentialView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["CredentialView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfCustomerHistoryView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["CustomerHistoryView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfDeliverySummary: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["DeliverySummary"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfDialogueView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["DialogueView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfDoNotCallView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["DoNotCallView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfEventView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["EventView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfExtensionView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["ExtensionView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfInstanceView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["InstanceView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfLanguageModelView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["LanguageModelView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfMessageView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["MessageView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfNumberView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["NumberView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfRobotView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["RobotView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfSecretView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["SecretView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfSkillGroupView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["SkillGroupView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfSoundView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["SoundView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfSpeechServiceView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["SpeechServiceView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfStaffView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["StaffView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfStampedView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["StampedView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfTokenView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["TokenView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfTrunkView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["TrunkView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfVersionView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["VersionView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfVoiceAgentSummary: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["VoiceAgentSummary"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description A page of a list. */
        PageOfWebhookEndpointView: {
            /** @description The items, in the order of the list. */
            items: components["schemas"]["WebhookEndpointView"][];
            /**
             * Format: int64
             * @description Length of the whole list.
             */
            total: number;
        };
        /** @description Who is to join a call. */
        ParticipantBody: {
            /**
             * @description An extension, a number, a person or a skill group: `extension:1001`, `number:+8613800138000`,
             *     `staff:lin@example.com`, `skill_group:7`, or one of them without the word in front.
             */
            target: string;
        };
        /** @description What happened to a further party of a call; `leg` is its number there. */
        PartyEventView: {
            by: string;
            /** Format: uint32 */
            leg: number;
            role: string;
            target: string;
            /** @constant */
            what: "wanted";
        } | {
            /** Format: uint32 */
            leg: number;
            server: components["schemas"]["ServerView"];
            /** @constant */
            what: "invited";
        } | {
            /** Format: uint32 */
            leg: number;
            /** @constant */
            what: "rang";
        } | {
            codec: string;
            /** Format: uint32 */
            leg: number;
            peer: string;
            /** @constant */
            what: "joined";
        } | {
            by: string;
            /** Format: uint32 */
            leg: number;
            mode: string;
            /** @constant */
            what: "mode_changed";
        } | {
            held: boolean;
            /** Format: uint32 */
            leg: number;
            /** @constant */
            what: "hold_changed";
        } | {
            digits: string;
            /** Format: uint32 */
            leg: number;
            /** @constant */
            what: "digits_pressed";
        } | {
            by: string;
            end: string;
            /** Format: uint32 */
            leg: number;
            /** @constant */
            what: "left";
        } | {
            /** Format: uint32 */
            leg: number;
            /** @constant */
            what: "failed";
            why: string;
        };
        /** @description A further party of a call, and what became of it. */
        PartyView: {
            /**
             * @description `served`, `not_answered`, `busy`, `rejected`, `not_reachable`, `not_encrypted` (its media found no
             *     keys) or `given_up`, once it is over.
             */
            end?: string | null;
            /**
             * Format: date-time
             * @description When it was answered.
             */
            joined_at?: string | null;
            /**
             * Format: date-time
             * @description When it was over.
             */
            left_at?: string | null;
            /**
             * Format: uint32
             * @description Its number in the call: `leg` in paths, and its track is `party_` with it.
             */
            leg: number;
            /**
             * Format: date-time
             * @description When its phone began to ring.
             */
            rang_at?: string | null;
            /** @description `participant`, or of a supervisor `listen`, `whisper` or `barge`. */
            role: string;
            /** @description Who it is, once its phone was found. */
            server?: components["schemas"]["ServerView"] | null;
            /**
             * Format: date-time
             * @description When it was wanted.
             */
            wanted_at: string;
        };
        /** @description The person who is signed in. */
        PersonView: {
            /** @description E-mail. */
            email: string;
            /** @description Whether the roles hold for every instance. */
            everywhere: boolean;
            /**
             * Format: int64
             * @description Id of the person.
             */
            id: number;
            /**
             * Format: int64
             * @description The instance the person belongs to.
             */
            instance: number;
            /**
             * @description Of the screens.
             * @enum {string}
             */
            language: "en-US" | "zh-CN";
            /** @description Shown to colleagues. */
            name: string;
            /** @description Shown to customers; may be empty. */
            nick: string;
            /** @description `administrator`, `supervisor`, `designer`, `officer`, `agent`. */
            roles: ("administrator" | "supervisor" | "designer" | "officer" | "agent")[];
            /** @description What the person can take now. */
            status: string;
        };
        /** @description A place where a phone is registered. */
        PhoneView: {
            /** @description Its address as we see it. */
            address: string;
            /** @description What it calls itself. */
            contact: string;
            /**
             * Format: date-time
             * @description When it is forgotten, unless it registers again.
             */
            expires_at: string;
            /** @description `udp`, `tcp`, `tls`, `ws` or `wss`. */
            transport: string;
            /** @description What it says it is. */
            user_agent: string;
        };
        /** @description A call that a voice agent is to make. */
        PlaceCallBody: {
            /**
             * @description Who is called.
             * @example +12025550101
             */
            callee: string;
            /**
             * @description Numbers that the callee may see, tried in order; any number of the instance if absent.
             * @default []
             */
            callers: string[];
            /** @description The conversation that the call belongs to: the id of a chat, or of an earlier call. */
            conversation?: string | null;
            /**
             * @description Whom the call is for, as in `/api/v1/customers/{id}`; without it the number tells, if it is a
             *     customer's. Their open chat is the call's conversation.
             */
            customer?: string | null;
            /** @description Longest time that the callee's phone may ring; 60 if absent. */
            ring_second_max?: number | null;
            /**
             * @description Longest time to wait for a free voice-agent slot.
             * @default 0
             */
            slot_wait_ms_max: number;
            /** @description The customer's own text for the records, at most 1,024 bytes. */
            user_data?: string | null;
            /**
             * @description Values for the agent's texts: names of 1 to 64 characters, values of at most 4,096.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Who talks.
             */
            voice_agent: number;
        };
        /** @description A sound to be played into a call. */
        PlaySoundBody: {
            /**
             * @description Mixed over the voice agent instead of in its place.
             * @default false
             */
            over: boolean;
            /**
             * Format: int64
             * @description Which.
             */
            sound: number;
            /**
             * @description How many times.
             * @default 1
             */
            times: number;
        };
        /** @description Rewrites a callee for the trunk; the first rule that matches applies. */
        PrefixRuleBody: {
            /** @description Leading digits with country code, without `+`; empty matches every number. */
            prefix: string;
            /** @description What is put in front afterwards: digits, `+`, `*`, `#`. */
            prepend: string;
            /** @description How many leading digits are dropped. */
            strip: number;
        };
        /** @description What a person can take now. */
        PresenceView: {
            /** @description Whether a supervisor sent the person offline. */
            forced_offline: boolean;
            /**
             * Format: date-time
             * @description When the person last came online.
             */
            last_online_at?: string | null;
            /**
             * Format: date-time
             * @description Since when the person has been online.
             */
            online_since?: string | null;
            /** @description Why; of a break, what the person chose. */
            reason: string;
            /**
             * @description `rest` or `not_ready`: comes when the work that runs is over.
             * @enum {string|null}
             */
            reserved?: "free" | "busy" | "wrap_up" | "rest" | "not_ready" | "offline" | null;
            /**
             * Format: date-time
             * @description Since when.
             */
            since: string;
            /**
             * @description `free`, `busy`, `wrap_up`, `rest`, `not_ready`, `offline`.
             * @enum {string}
             */
            status: "free" | "busy" | "wrap_up" | "rest" | "not_ready" | "offline";
            /** @description The call or conversation that keeps the person busy or in wrap-up. */
            work?: string | null;
        };
        /** @description Why a request was not carried out (RFC 9457). Nothing was changed. */
        Problem: {
            /** @description What is wrong this time. */
            detail: string;
            /** @description Which field is wrong, such as `prefix_rules[0].strip`. */
            field?: string | null;
            /** @description Id of the request, as in the header `X-Request-Id`. */
            request_id: string;
            /**
             * Format: int64
             * @description Of a stream of events: load what is shown anew, then stream after this number.
             */
            resume_after?: number | null;
            /**
             * Format: uint16
             * @description The HTTP status.
             */
            status: number;
            /** @description The same for every problem of this type. */
            title: string;
            /** @description `urn:switchboard:problem:` and the kind of problem. */
            type: string;
        };
        /** @description Which answers callers understand. */
        ProfileName: "strict" | "extended";
        /** @description Contacts of a campaign by where they are. */
        ProgressView: {
            /**
             * Format: int64
             * @description Were taken off.
             */
            canceled: number;
            /**
             * Format: int64
             * @description Are being dialled.
             */
            dialing: number;
            /**
             * Format: int64
             * @description Were given up.
             */
            failed: number;
            /**
             * Format: int64
             * @description Are paused.
             */
            paused: number;
            /**
             * Format: int64
             * @description Have answered.
             */
            reached: number;
            /**
             * Format: int64
             * @description All.
             */
            total: number;
            /**
             * Format: int64
             * @description Wait for an attempt.
             */
            waiting: number;
        };
        /** @description Webhooks in figures. */
        PushesView: {
            /**
             * Format: int64
             * @description Deliveries on their way.
             */
            due: number;
            /**
             * Format: int64
             * @description Deliveries that were given up.
             */
            given_up: number;
        };
        /** @description What media was like. */
        QualityView: {
            /**
             * Format: double
             * @description Interarrival jitter (RFC 3550 section 6.4.1).
             */
            jitter_ms: number;
            /**
             * Format: double
             * @description Estimated mean opinion score, 1.0 to 4.5.
             */
            mos: number;
            /**
             * Format: uint64
             * @description Came too late to be played.
             */
            packets_late: number;
            /**
             * Format: uint64
             * @description Never came.
             */
            packets_lost: number;
            /**
             * Format: uint64
             * @description RTP packets that came.
             */
            packets_received: number;
            /**
             * Format: uint64
             * @description RTP packets that left.
             */
            packets_sent: number;
            /**
             * Format: double
             * @description Round trip by RTCP; 0 when the peer sends no reports.
             */
            rtt_ms: number;
        };
        /** @description How callers wait for somebody of a skill group. */
        QueueBody: {
            /**
             * Format: int64
             * @description Sound that callers hear once, when they begin to wait.
             */
            announcement?: number | null;
            /**
             * @description Where a caller goes when too many wait. `hang_up`, `voice_agent:4` or `skill_group:8`.
             * @default hang_up
             */
            full: string;
            /**
             * @description Where a caller goes who has waited for too long. `hang_up`, `voice_agent:4` or `skill_group:8`.
             * @default hang_up
             */
            late: string;
            /**
             * Format: int64
             * @description Sound that callers hear again and again; the house's music if absent.
             */
            music?: number | null;
            /**
             * @description Where a caller goes when nobody of the group works. `hang_up`, `voice_agent:4` or `skill_group:8`.
             * @default hang_up
             */
            nobody_there: string;
            /**
             * @description A caller who is answered within this time was answered in time.
             * @default 20
             */
            service_time_second: number;
            /**
             * @description Longest wait. A phone that rings then may be answered yet.
             * @default 120
             */
            wait_max_second: number;
            /**
             * @description Most calls that wait at once.
             * @default 100
             */
            waiting_max: number;
        };
        /** @description A skill group's callers at this moment, and how it went since the server was started. */
        QueueView: {
            /**
             * Format: uint64
             * @description Callers who hung up before somebody talked with them.
             */
            abandoned: number;
            /**
             * Format: uint64
             * @description Callers whom somebody talked with.
             */
            answered: number;
            /**
             * Format: uint64
             * @description Of these, those who were answered within the group's time.
             */
            answered_in_time: number;
            /**
             * Format: double
             * @description How long those who were answered had waited, on average; absent while there was none.
             */
            average_wait_second?: number | null;
            /**
             * Format: double
             * @description How long the first of them has waited.
             */
            longest_wait_second: number;
            /** @description Its name. */
            name: string;
            /**
             * Format: uint64
             * @description Callers whom the group's rules sent elsewhere, or ended.
             */
            passed_on: number;
            /**
             * Format: double
             * @description Share of those who were answered in time among those who were answered or hung up, 0 to 1;
             *     absent while there was none.
             */
            service_level?: number | null;
            /**
             * Format: uint64
             * @description What counts as in time.
             */
            service_time_second: number;
            /**
             * Format: int64
             * @description Id of the skill group.
             */
            skill_group: number;
            /**
             * Format: uint64
             * @description People of the group who work, and cannot take one now.
             */
            staff_busy: number;
            /**
             * Format: uint64
             * @description People of the group who could take a call now.
             */
            staff_free: number;
            /**
             * Format: double
             * @description The longest wait that has ended.
             */
            wait_max_second: number;
            /**
             * Format: uint64
             * @description Callers who wait, those included for whom a phone rings.
             */
            waiting: number;
        };
        /** @description The queues of an instance. */
        QueuesView: {
            /** @description One for each skill group for calls, by id. */
            items: components["schemas"]["QueueView"][];
        };
        /** @description What an instance is granted; null or absent is unlimited. */
        QuotaBody: {
            /** @description Voice-agent calls at once. */
            agent_calls_max?: number | null;
            /** @description Minutes of calls with a voice agent. */
            agent_minutes?: number | null;
            /**
             * Format: date-time
             * @description Voice-agent minutes are good until then.
             */
            agent_until?: string | null;
            /** @description Minutes of calls; started minutes count. */
            call_minutes?: number | null;
            /**
             * Format: date-time
             * @description Call minutes are good until then.
             */
            call_until?: string | null;
        };
        /** @description What an instance was granted, and what it has used since. */
        QuotaView: {
            /** @description Voice-agent calls at once. */
            agent_calls_max?: number | null;
            /** @description Minutes of calls with a voice agent. */
            agent_minutes?: number | null;
            /**
             * Format: int64
             * @description Started voice-agent minutes since the grant.
             */
            agent_minutes_used: number;
            /**
             * Format: date-time
             * @description Voice-agent minutes are good until then.
             */
            agent_until?: string | null;
            /** @description Minutes of calls; started minutes count. */
            call_minutes?: number | null;
            /**
             * Format: int64
             * @description Started call minutes since the grant.
             */
            call_minutes_used: number;
            /**
             * Format: date-time
             * @description Call minutes are good until then.
             */
            call_until?: string | null;
        };
        /** @description What to do when the caller's words match no answer. */
        ReactionText: {
            /** @description Said the first time, the second time and so on; the last one repeats. */
            lines?: components["schemas"]["LineText"][];
            /**
             * Format: uint32
             * @description How often in a row before `then`, 0 to 100.
             * @default 3
             */
            max: number;
            /** @description Where the next time leads. */
            then?: components["schemas"]["NextText"];
        };
        /** @description Who hears the caller. */
        RecognizerText: {
            /**
             * @description Names of speech services, 1 to 4, in the order in which they are asked; `local` is the
             *     engine of this machine.
             */
            services: string[];
        };
        /** @description One participant's track of a call. */
        RecordingView: {
            /** @description Address of the copy in the instance's own store. */
            copy_url?: string | null;
            /**
             * Format: int64
             * @description Its length.
             */
            duration_ms: number;
            /** @description Where no original sound is. */
            gaps: components["schemas"]["GapView"][];
            /** @description `RecordId`. */
            id: string;
            /**
             * Format: int64
             * @description Bytes of the file.
             */
            n_bytes: number;
            /**
             * Format: date-time
             * @description When it was rendered.
             */
            ready_at: string;
            /** @description SHA-256 of the file, lower-case hex. */
            sha256: string;
            /**
             * Format: date-time
             * @description Wall time of its first sample; the same for every track of a call.
             */
            started_at: string;
            /** @description `user`, `agent`, or `party_1` and so on: a further party, silent until it joined. */
            track: string;
            /** @description Where it can be fetched for 24 hours: signed. */
            url: string;
        };
        /** @description What happens when a phone gives its place to another one. */
        ReferralView: {
            call?: string | null;
            side: string;
            /** @constant */
            step: "asked";
            target: string;
        } | {
            side: string;
            /** @constant */
            step: "left";
        } | {
            codec: string;
            peer: string;
            side: string;
            /** @constant */
            step: "taken";
        } | {
            side: string;
            /** @constant */
            step: "sent";
        } | {
            call: string;
            side: string;
            /** @constant */
            step: "moved";
        };
        /** @description Whether a carrier knows us. */
        RegistrationView: {
            /** @constant */
            state: "unknown";
        } | {
            /** @constant */
            state: "registered";
        } | {
            /** @constant */
            state: "refused";
            /**
             * Format: uint16
             * @description SIP status.
             */
            status: number;
        } | {
            /** @constant */
            state: "silent";
        };
        /** @description A robot elsewhere. */
        RemoteRobotBody: {
            /** @description Public half of the credential that requests are signed with. */
            access_key_id: string;
            /** @description Secret half of the credential; written, never shown. */
            access_key_secret: string;
            /**
             * @description What `strict` sends where there are no words.
             * @default
             */
            blank: string;
            /** @description The robot's instance. */
            instance: string;
            /**
             * @description Which interface it has.
             * @default dialogue
             */
            interface: components["schemas"]["Interface"];
            /**
             * @description `strict`: documented fields only; `extended`: every event is named.
             * @default extended
             */
            profile: string;
            /**
             * @description The robot's older name, `ScenarioId`.
             * @default
             */
            scenario: string;
            /**
             * @description The robot within its instance, `ScriptId`.
             * @default
             */
            script: string;
            /** @description Its endpoint: `http://robot.example:8080`. */
            url: string;
            /**
             * Format: uint32
             * @description Longest wait for one answer, 1 to 10 seconds.
             * @default 6
             */
            wait_second: number;
        };
        /** @description How a robot elsewhere is spoken to. Its secret is kept apart. */
        RemoteRobotSettings: {
            /** @description Public half of the credential that requests are signed with. */
            access_key_id: string;
            /**
             * @description What `strict` sends where there are no words.
             * @default
             */
            blank: string;
            /** @description The robot's instance. */
            instance: string;
            /**
             * @description Which interface it has.
             * @default dialogue
             */
            interface: components["schemas"]["Interface"];
            /**
             * @description `strict`: documented fields only; `extended`: every event is named.
             * @default extended
             */
            profile: string;
            /**
             * @description The robot's older name, `ScenarioId`.
             * @default
             */
            scenario: string;
            /**
             * @description The robot within its instance, `ScriptId`.
             * @default
             */
            script: string;
            /** @description Its endpoint: `http://robot.example:8080`. */
            url: string;
            /**
             * Format: uint32
             * @description Longest wait for one answer, 1 to 10 seconds.
             * @default 6
             */
            wait_second: number;
        };
        /** @description One answer that is understood. */
        ReplyText: {
            /**
             * @description Rows of keys that mean the same: `1`, `12#` …
             * @default []
             */
            keys: string[];
            /** @description Said in reply. */
            say?: components["schemas"]["LineText"] | null;
            /** @description Where it leads; `stay` if absent. */
            then?: components["schemas"]["NextText"];
            /**
             * @description Phrases of which one must occur in what the caller says; at most 50.
             * @default []
             */
            words: string[];
        };
        /** @description What is to be replaced. */
        RestoreBody: {
            /** @description The version that is the present one; the header `If-Match` says the same. */
            version?: number | null;
        };
        /** @description When a contact is dialled again. */
        RetryBody: {
            /**
             * @description Tags of a flow's branches after which a contact who answered is called again nevertheless.
             * @default []
             */
            again_on: components["schemas"]["TagBody"][];
            /**
             * @description Attempts of one contact in all.
             * @default 3
             */
            attempts_max: number;
            /**
             * @description Attempts of one contact in a day.
             * @default 3
             */
            attempts_per_day_max: number;
            /**
             * @description Outcomes after which a contact is given up at once: `no_answer`, `busy`, `rejected`,
             *     `not_reachable`, `empty_number`, `call_failed`, `canceled`.
             * @default [
             *       "empty_number"
             *     ]
             */
            give_up_on: string[];
            /**
             * @description Least seconds from the end of an attempt to the next.
             * @default 600
             */
            interval_second: number;
        };
        /** @description What is found out about a call after its end. */
        ReviewText: {
            /**
             * @description Whether the agent's language models are asked, once a call; otherwise rules look for words.
             * @default false
             */
            by_models: boolean;
            /** @description What is asked for, at most 50. */
            items?: components["schemas"]["ItemText"][];
        };
        /** @description What was found out about a call. */
        ReviewView: {
            /** @description The language model that found it out; `null`: rules. */
            by?: string | null;
            /** @description What was asked for and found, in the order in which it was asked for. */
            findings: components["schemas"]["FindingView"][];
            /** @description What the person wants. */
            intention: string;
            /** @description How the person felt. */
            mood: string;
            /** @description What the call was about. */
            summary: string;
        };
        /** @description A name for a voice agent as a robot. */
        RobotBody: {
            /** @description `ScriptId` or `ScenarioId`; empty for the robot of requests that name none that is known. */
            name: string;
            /** @description Which answers its callers understand; `extended` if absent. */
            profile?: components["schemas"]["ProfileName"];
            /** @description Who talks. */
            voice_agent: number;
        };
        /** @description A voice agent's name as a robot. */
        RobotView: {
            /**
             * Format: date-time
             * @description When it was first named.
             */
            created_at: string;
            /** @description The name. */
            name: string;
            /** @description `strict` or `extended`. */
            profile: string;
            /**
             * Format: int64
             * @description Who talks.
             */
            voice_agent: number;
        };
        /** @description What a role gives. */
        RoleView: {
            /** @description The permissions it gives. */
            permissions: string[];
            /**
             * @description Its name.
             * @enum {string}
             */
            role: "administrator" | "supervisor" | "designer" | "officer" | "agent";
        };
        /** @description Every role. */
        RolesView: {
            /** @description In the order of what they may do. */
            items: components["schemas"]["RoleView"][];
        };
        /** @description A message of a person. */
        SayBody: {
            /** @description Drawn for this message: a second one with it is a repetition. */
            client_id?: string | null;
            /** @description Needed with a token; a person who is signed in acts for themselves. */
            staff?: number | null;
            /** @description What it says. */
            text: string;
        };
        /** @description When a campaign may dial. */
        ScheduleBody: {
            /**
             * @description Days of the month; all if empty. Not together with days of the week.
             * @default []
             */
            days_of_month: number[];
            /**
             * @description Days of the week; all if empty.
             * @default []
             */
            days_of_week: components["schemas"]["Day"][];
            /**
             * Format: date-time
             * @description Not before; at once if absent.
             * @default null
             */
            from: string | null;
            /**
             * @description Hours; all day if empty.
             * @default []
             */
            hours: components["schemas"]["HoursBody2"][];
            /**
             * @description The IANA time zone of days and hours, such as `Asia/Shanghai`; the instance's if absent. The
             *     instance's working hours hold beside it, by the instance's clock.
             * @default null
             */
            time_zone: string | null;
            /**
             * Format: date-time
             * @description Not at or after; whoever was not reached by then has failed.
             * @default null
             */
            to: string | null;
        };
        /** @description The value of a secret. */
        SecretBody: {
            /** @description The whole value of the header: `Bearer …`. Written, never shown. */
            value: string;
        };
        /** @description A secret without its value. */
        SecretView: {
            /** @description By which the headers of tools know it. */
            name: string;
            /**
             * Format: date-time
             * @description When its value was last set.
             */
            updated_at: string;
        };
        /** @description A secret that signs names. */
        SecretView2: {
            /** @description Shown only here. */
            secret: string;
        };
        /** @description A file that was sent. */
        SentFileView: {
            /** @description The file. */
            file: unknown;
            /** @description Key of its message. */
            key?: string | null;
        };
        /** @description A message that was sent. */
        SentView: {
            /** @description The conversation afterwards. */
            conversation: components["schemas"]["ConversationView"];
            /** @description Its key. */
            key?: string | null;
            /** @description It was sent before. */
            repeated: boolean;
        };
        /** @description Something that was said. */
        SentenceView: {
            /**
             * Format: date-time
             * @description When it began.
             */
            from: string;
            /** @description What the other side could hear, or what was recognized. */
            text: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            to: string;
            /** @description `user` or `agent`; `party`: somebody else who joined. */
            track: string;
        };
        /** @description A phone that is rung for a call, and whose it is. */
        ServerView: {
            /** @description The extension, or the digits of the number. */
            address: string;
            /** @description Their e-mail; empty if it is nobody's. */
            email: string;
            /** @description `staff`, `staff_mobile`, `extension` or `outside`. */
            kind: string;
            /** @description Their name, or that of the extension; may be empty. */
            name: string;
            /**
             * Format: int64
             * @description The group whose calls they take, if the call was for the group.
             */
            skill_group?: number | null;
            /**
             * Format: int64
             * @description Whose it is.
             */
            staff?: number | null;
        };
        /** @description One phone that was rung for a call, and what became of it. */
        ServingView: {
            /** @description The extension, or the digits of the number. */
            address: string;
            /**
             * Format: date-time
             * @description When it was answered.
             */
            answered_at?: string | null;
            /** @description Their e-mail; empty if it is nobody's. */
            email: string;
            /**
             * @description `served`, `not_answered`, `busy`, `rejected`, `not_reachable`, `not_encrypted` (its media found no
             *     keys) or `given_up`, once it is over.
             */
            end?: string | null;
            /**
             * Format: date-time
             * @description When it was over.
             */
            ended_at?: string | null;
            /** @description `staff`, `staff_mobile`, `extension` or `outside`. */
            kind: string;
            /** @description Their name, or that of the extension; may be empty. */
            name: string;
            /**
             * Format: date-time
             * @description When it was called.
             */
            offered_at: string;
            /**
             * Format: date-time
             * @description When it began to ring.
             */
            rang_at?: string | null;
            /**
             * Format: int64
             * @description The group whose calls they take, if the call was for the group.
             */
            skill_group?: number | null;
            /**
             * Format: int64
             * @description Whose it is.
             */
            staff?: number | null;
        };
        /** @description Who is signed in here. */
        SessionView: {
            /** @description Repeat it in the header `X-CSRF-Token` of every request that changes something. */
            csrf: string;
            /**
             * Format: date-time
             * @description When the sign-in ends if it is not used until then.
             */
            expires_at: string;
            /** @description What the roles give. */
            permissions: string[];
            /** @description The person. */
            staff: components["schemas"]["PersonView"];
        };
        /** @description How an instance chats. */
        SettingsBody: {
            /**
             * @description Identifiers that may use the cloud's Desk API.
             * @default [
             *       "administrator"
             *     ]
             */
            admins: string[];
            /**
             * @description For so long a person who is asked may not answer.
             * @default 60
             */
            answer_second: number;
            /**
             * @description The voice agent that answers customers first; absent: the instance's own server does, told
             *     by the webhook topic `desk_event`.
             */
            bot?: number | null;
            /**
             * @description A customer who writes nothing for so long has left.
             * @default 1800
             */
            customer_silence_second: number;
            /**
             * @description Off: the widget and the cloud's Desk API are refused.
             * @default true
             */
            enabled: boolean;
            /**
             * @description Longest file, in bytes; 0 takes none.
             * @default 10485760
             */
            file_bytes_max: number;
            /**
             * @description What the customer sees when nobody is there; may be empty.
             * @default null
             */
            nobody_tip: string | null;
            /**
             * @description Pages that may show the widget, as origins (`https://shop.example`); `*` is every page.
             * @default []
             */
            origins: string[];
            /**
             * @description Conversations that one person has at a time, unless a skill group says less.
             * @default 5
             */
            per_staff_max: number;
            /**
             * @description Customers who wait at a time.
             * @default 100
             */
            queue_length_max: number;
            /**
             * @description For so long a customer waits for a person.
             * @default 600
             */
            queue_second: number;
            /** @description The skill group that is asked when nobody says which; everybody who may chat if absent. */
            skill_group?: number | null;
            /**
             * @description A growing message without a new piece for so long is closed.
             * @default 60
             */
            stream_silence_second: number;
            /**
             * @description What the customer sees first where no bot greets; may be empty.
             * @default null
             */
            welcome: string | null;
            /**
             * @description Time for notes, in seconds, once a person's last conversation is over: `wrap_up`, then
             *     `free`. 0 is none.
             * @default 0
             */
            wrap_up_second: number;
        };
        /** @description What the set-up page sends. */
        SetupBody: {
            /** @description The first administrator. Without one, only programs get in, by the token. */
            administrator?: components["schemas"]["AdministratorBody"] | null;
            /**
             * @description Name of the first instance, if there is none yet.
             * @default first
             */
            instance_name: string;
            /** @description The token of the link: what stands behind `#`. */
            token: string;
        };
        /** @description What set-up made. Secrets are shown here and never again. */
        SetupView: {
            /**
             * Format: date-time
             * @description When set-up was finished.
             */
            finished_at: string;
            /**
             * Format: int64
             * @description The instance: `SdkAppId`.
             */
            instance: number;
            /** @description `SecretId`. */
            secret_id: string;
            /** @description `SecretKey`. */
            secret_key: string;
            /** @description First calls with the clouds' own tools, keys filled in. */
            snippets: components["schemas"]["Snippet"][];
            /** @description The operator's token of the native API. */
            token: string;
        };
        /** @enum {string} */
        Side: "user" | "staff";
        /** @description Who is meant. */
        SideBody: {
            /** @description The person (`user`), or whoever has taken the call over (`staff`). */
            side?: components["schemas"]["Side"];
        };
        /** @description Who signs in. */
        SignInBody: {
            /** @description E-mail of the person. */
            email: string;
            /**
             * @description Needed only where the same e-mail and password are good in several instances.
             * @example 1400000001
             */
            instance?: number | null;
            /** @description Password. */
            password: string;
        };
        /** @description One browser somebody is signed in with. */
        SignInView: {
            /** @description The address it signed in from. */
            address: string;
            /** @description What the browser calls itself. */
            browser: string;
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends if it is not used until then.
             */
            expires_at: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Whether it is the one that asks. */
            own: boolean;
            /**
             * Format: date-time
             * @description When it was last used, to the minute.
             */
            seen_at: string;
        };
        /** @description Every browser somebody is signed in with. */
        SignInsView: {
            /** @description Oldest first. */
            items: components["schemas"]["SignInView"][];
        };
        /** @description The simple form: a greeting, replies to words or keys, and a goodbye. */
        SimpleDocument: {
            /** @description Said once when a vendor fails. */
            fallback?: components["schemas"]["LineText"] | null;
            /** @description Said before hanging up. */
            goodbye?: components["schemas"]["LineText"] | null;
            /** @description Said first. */
            greeting?: components["schemas"]["LineText"] | null;
            /** @description Language tag of all lines and phrases: `en`, `zh` … */
            language: string;
            /** @description When the call is ended. */
            limits?: components["schemas"]["Limits"];
            /** @description Said when the caller says nothing. */
            no_input?: components["schemas"]["LineText"] | null;
            /** @description Said when nothing matches. */
            no_match?: components["schemas"]["LineText"] | null;
            /** @description Who hears the caller. */
            recognizer?: components["schemas"]["RecognizerText"] | null;
            /** @description Answers that are understood, at most 100. */
            replies?: components["schemas"]["ReplyText"][];
            /** @description What is found out about a call after its end. */
            review?: components["schemas"]["ReviewText"];
            /** @description Who speaks. */
            speaker?: components["schemas"]["SpeakerText"] | null;
            /** @description What is heard besides the agent's words, and what to do about machines. */
            telephone?: components["schemas"]["Telephone"];
            /** @description Whose turn it is to speak. */
            turns?: components["schemas"]["Turns"];
            /** @description The speaker's voice; its default for the language if absent. */
            voice?: string | null;
        };
        /** @description What is written down of a skill group. */
        SkillGroupBody: {
            /**
             * @description Internal number of the group; may be empty.
             * @default
             */
            alias: string;
            /**
             * @description How many at once one member takes: 1, or of chats 1 to 100.
             * @default 1
             */
            concurrency_max: number;
            /** @description What it takes; never changes. */
            kind: components["schemas"]["KindBody"];
            /**
             * @description Whether a customer is offered first to whom they spoke last.
             * @default false
             */
            last_staff_first: boolean;
            /** @description Shown to people; unique in the instance. */
            name: string;
            /**
             * @description How callers wait for somebody of it.
             * @default {
             *       "full": "hang_up",
             *       "late": "hang_up",
             *       "nobody_there": "hang_up",
             *       "service_time_second": 20,
             *       "wait_max_second": 120,
             *       "waiting_max": 100
             *     }
             */
            queue: components["schemas"]["QueueBody"];
            /**
             * @description Whether every free member is rung at once; such a group has at most 2 members.
             * @default false
             */
            ring_all: boolean;
        };
        /** @description Staff who can take the same kind of work. */
        SkillGroupView: {
            /**
             * @description Internal number of the group; may be empty.
             * @default
             */
            alias: string;
            /**
             * @description How many at once one member takes: 1, or of chats 1 to 100.
             * @default 1
             */
            concurrency_max: number;
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: int64
             * @description Id of the skill group.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /** @description What it takes; never changes. */
            kind: components["schemas"]["KindBody"];
            /**
             * @description Whether a customer is offered first to whom they spoke last.
             * @default false
             */
            last_staff_first: boolean;
            /**
             * Format: date-time
             * @description When settings or members were last changed.
             */
            modified_at: string;
            /** @description Shown to people; unique in the instance. */
            name: string;
            /**
             * @description How callers wait for somebody of it.
             * @default {
             *       "full": "hang_up",
             *       "late": "hang_up",
             *       "nobody_there": "hang_up",
             *       "service_time_second": 20,
             *       "wait_max_second": 120,
             *       "waiting_max": 100
             *     }
             */
            queue: components["schemas"]["QueueBody"];
            /**
             * @description Whether every free member is rung at once; such a group has at most 2 members.
             * @default false
             */
            ring_all: boolean;
        };
        /** @description What fits into a slot. */
        SlotKindText: "text" | "number" | {
            digits: number[];
        } | {
            choice: string[];
        } | {
            described: string;
        };
        /** @description Something that is asked for. */
        SlotText: {
            /** @description Asked while it is missing. */
            ask: components["schemas"]["LineText"];
            /** @description What fits. */
            is?: components["schemas"]["SlotKindText"];
            /** @description The variable. */
            name: string;
            /**
             * @description Whether the node can be left without it.
             * @default true
             */
            required: boolean;
        };
        /** @description A program to paste. */
        Snippet: {
            /** @description The text. */
            text: string;
            /** @description What it is written in. */
            title: string;
        };
        /**
         * @description A sound to be fetched. The file itself can be sent instead, as `multipart/form-data` with the
         *     parts `name` and `file` (wav or mp3, at most 5 MB).
         */
        SoundBody: {
            /** @description Shown to people. */
            name: string;
            /** @description Where it is: `http` or `https`, wav or mp3, at most 5 MB. */
            url: string;
        };
        /** @description A sound that can be played into calls. */
        SoundView: {
            /**
             * Format: date-time
             * @description When it was uploaded.
             */
            created_at: string;
            /**
             * Format: int64
             * @description Length of the audio.
             */
            duration_ms: number;
            /** @description File name that it came under. */
            file_name: string;
            /**
             * Format: int64
             * @description `FileId`.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /**
             * Format: int64
             * @description Bytes of the file.
             */
            n_bytes: number;
            /** @description Shown to people. */
            name: string;
            /** @description SHA-256 of the file, lower-case hex. */
            sha256: string;
        };
        /** @description Who speaks. */
        SpeakerText: {
            /**
             * @description Names of speech services, 1 to 4, in the order in which they are asked; `local` is the
             *     engine of this machine. The document's `voice` is that of the first one.
             */
            services: string[];
            /**
             * Format: uint32
             * @description Speed in percent of the voice's own, 50 to 200.
             */
            speed_percent?: number | null;
        };
        /** @description What an author writes down of a speech service. */
        SpeechServiceBody: {
            /**
             * @description Longest wait for the first sound, or for the words after the end of speech, ms.
             * @default 2000
             */
            answer_ms: number;
            /** @description The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid. */
            app_id?: string | null;
            /**
             * @description Longest wait for a connection, ms.
             * @default 2000
             */
            connect_ms: number;
            /** @description Further parameters of each request. */
            extra?: {
                [key: string]: unknown;
            };
            /**
             * @description How a speaker packs its samples, where there is a choice.
             * @default pcm
             */
            format: components["schemas"]["SpeechServiceFormat"];
            /**
             * @description Its key or secret. Never shown; without it in a change the present one stays, null removes
             *     it.
             */
            key?: string | null;
            /** @description The language in the service's own words; made from the agent's tag if absent. */
            language?: string | null;
            /** @description The model. */
            model?: string | null;
            /** @description By which voice agents know it; unique in its instance. `local` is taken. */
            name: string;
            /**
             * @description Longest wait between two pieces of an answer, ms.
             * @default 3000
             */
            piece_ms: number;
            /** @description What it does. */
            role: components["schemas"]["SpeechServiceRole"];
            /** @description Samples a second, where there is a choice. */
            sample_rate_hz?: number | null;
            /** @description The public half of the key: Tencent's SecretId. */
            secret_id?: string | null;
            /** @description Which protocol it speaks. */
            type: components["schemas"]["SpeechServiceType"];
            /** @description Its address; the vendor's own if absent, where there is one. */
            url?: string | null;
            /** @description A speaker's voice, where the agent names none. */
            voice?: string | null;
        };
        /** @description How a speaker packs its samples. */
        SpeechServiceFormat: "pcm" | "wav";
        /** @description What a speech service does. */
        SpeechServiceRole: "recognizer" | "speaker";
        /** @description Which protocol a speech service speaks. */
        SpeechServiceType: "openai" | "deepgram" | "tencent" | "dashscope" | "sherpa" | "funasr" | "custom" | "minimax" | "azure" | "volcengine";
        /** @description A speech service. */
        SpeechServiceView: {
            /**
             * @description Longest wait for the first sound, or for the words after the end of speech, ms.
             * @default 2000
             */
            answer_ms: number;
            /** @description The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid. */
            app_id?: string | null;
            /**
             * @description Longest wait for a connection, ms.
             * @default 2000
             */
            connect_ms: number;
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description Further parameters of each request. */
            extra?: {
                [key: string]: unknown;
            };
            /**
             * @description How a speaker packs its samples, where there is a choice.
             * @default pcm
             */
            format: components["schemas"]["SpeechServiceFormat"];
            /** @description Whether a key is stored. */
            has_key: boolean;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * @description Its key or secret. Never shown; without it in a change the present one stays, null removes
             *     it.
             */
            key?: string | null;
            /** @description The language in the service's own words; made from the agent's tag if absent. */
            language?: string | null;
            /** @description The model. */
            model?: string | null;
            /** @description By which voice agents know it; unique in its instance. `local` is taken. */
            name: string;
            /**
             * @description Longest wait between two pieces of an answer, ms.
             * @default 3000
             */
            piece_ms: number;
            /** @description What it does. */
            role: components["schemas"]["SpeechServiceRole"];
            /** @description Samples a second, where there is a choice. */
            sample_rate_hz?: number | null;
            /** @description The public half of the key: Tencent's SecretId. */
            secret_id?: string | null;
            /** @description Which protocol it speaks. */
            type: components["schemas"]["SpeechServiceType"];
            /** @description Its address; the vendor's own if absent, where there is one. */
            url?: string | null;
            /** @description A speaker's voice, where the agent names none. */
            voice?: string | null;
        };
        /** @description How a speech service is tried. */
        SpeechTrialBody: {
            /**
             * @description The language of that: a tag.
             * @default null
             */
            language: string | null;
            /**
             * @description What it says, or what is said to it.
             * @default null
             */
            text: string | null;
        };
        /** @description What came of trying a speech service. */
        SpeechTrialView: {
            /** @description Why it did not work. */
            fault?: string | null;
            /** @description What a recognizer understood. */
            heard?: string | null;
            /**
             * Format: double
             * @description To the first sound, or from the end of speech to its words, ms.
             */
            latency_ms?: number | null;
            /** @description Whether a recognizer told words before the end. */
            partials: boolean;
            /** @description What it said, or what was said to it. */
            said: string;
            /**
             * Format: double
             * @description How long the speech is, ms.
             */
            sound_ms: number;
            /**
             * Format: double
             * @description To a speaker's last sound, ms.
             */
            whole_ms?: number | null;
        };
        /** @description What is written down of a person. */
        StaffBody: {
            /** @description Signs in with it; unique in the instance. */
            email: string;
            /**
             * @description Whether the roles hold for every instance; only an operator may set it.
             * @default false
             */
            everywhere: boolean;
            /**
             * @description Internal number, 4 to 6 digits from `1…` to `8…`; unique in the instance.
             * @default null
             */
            extension: string | null;
            /**
             * @description Where calls to the person go instead.
             * @default null
             */
            forwarding: components["schemas"]["ForwardingBody"] | null;
            /**
             * @description Of the screens: `en-US` or `zh-CN`.
             * @default en-US
             * @enum {string}
             */
            language: "en-US" | "zh-CN";
            /**
             * @description When calls ring the mobile phone.
             * @default off
             */
            mobile_accept: components["schemas"]["MobileAcceptBody"];
            /**
             * @description Whether the person may call from the mobile phone.
             * @default false
             */
            mobile_call_out: boolean;
            /** @description Shown to colleagues. */
            name: string;
            /**
             * @description Shown to customers; may be empty.
             * @default
             */
            nick: string;
            /**
             * @description Password to sign in with, 8 to 128 characters; only in requests. Setting it signs the
             *     person out everywhere.
             */
            password?: string | null;
            /**
             * @description Mobile phone.
             * @default null
             * @example +12025550101
             */
            phone: string | null;
            /**
             * @description What the person may do: any of `administrator`, `supervisor`, `designer`, `officer`,
             *     `agent`.
             * @default [
             *       "agent"
             *     ]
             */
            roles: ("administrator" | "supervisor" | "designer" | "officer" | "agent")[];
            /**
             * @description Number of the person in the house; may be empty.
             * @default
             */
            staff_number: string;
        };
        /** @description People with one status. */
        StaffCountView: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description `free`, `busy`, `wrap_up`, `rest`, `not_ready`, `offline`. */
            status: string;
        };
        /** @description A person who works with the centre. */
        StaffView: {
            /**
             * Format: date-time
             * @description When the person was added.
             */
            created_at: string;
            /** @description Signs in with it; unique in the instance. */
            email: string;
            /**
             * @description Whether the roles hold for every instance; only an operator may set it.
             * @default false
             */
            everywhere: boolean;
            /**
             * @description Internal number, 4 to 6 digits from `1…` to `8…`; unique in the instance.
             * @default null
             */
            extension: string | null;
            /**
             * @description Where calls to the person go instead.
             * @default null
             */
            forwarding: components["schemas"]["ForwardingBody"] | null;
            /**
             * Format: int64
             * @description Id of the person.
             */
            id: number;
            /**
             * Format: int64
             * @description The instance the person belongs to.
             */
            instance: number;
            /**
             * @description Of the screens: `en-US` or `zh-CN`.
             * @default en-US
             * @enum {string}
             */
            language: "en-US" | "zh-CN";
            /**
             * @description When calls ring the mobile phone.
             * @default off
             */
            mobile_accept: components["schemas"]["MobileAcceptBody"];
            /**
             * @description Whether the person may call from the mobile phone.
             * @default false
             */
            mobile_call_out: boolean;
            /**
             * Format: date-time
             * @description When settings or skill groups were last changed.
             */
            modified_at: string;
            /** @description Shown to colleagues. */
            name: string;
            /**
             * @description Shown to customers; may be empty.
             * @default
             */
            nick: string;
            /**
             * @description Password to sign in with, 8 to 128 characters; only in requests. Setting it signs the
             *     person out everywhere.
             */
            password?: string | null;
            /**
             * @description Mobile phone.
             * @default null
             * @example +12025550101
             */
            phone: string | null;
            /** @description What the person can take now. */
            presence: components["schemas"]["PresenceView"];
            /**
             * @description What the person may do: any of `administrator`, `supervisor`, `designer`, `officer`,
             *     `agent`.
             * @default [
             *       "agent"
             *     ]
             */
            roles: ("administrator" | "supervisor" | "designer" | "officer" | "agent")[];
            /** @description Skill groups of the person. */
            skill_groups: components["schemas"]["MembershipBody"][];
            /**
             * @description Number of the person in the house; may be empty.
             * @default
             */
            staff_number: string;
        };
        /** @description A person, as staff see them. */
        StaffView2: {
            /** @description Their address. */
            email: string;
            /**
             * Format: int64
             * @description Who.
             */
            id: number;
            /** @description As customers see them. */
            name: string;
        };
        /** @description An event with its place in the call and its time. */
        StampedView: {
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /**
             * Format: int64
             * @description Counts events of a call from 1.
             */
            n: number;
        } & ({
            /** @example +12025550101 */
            callee: string;
            /** @example +12025550101 */
            caller: string;
            credential?: string | null;
            direction: components["schemas"]["DirectionView"];
            /** Format: uint64 */
            ring_second_max: number;
            /** Format: int64 */
            trunk?: number | null;
            /** @constant */
            type: "requested";
            user_data?: string | null;
            variables: components["schemas"]["VariableView"][];
            /** Format: int64 */
            voice_agent?: number | null;
            voice_agent_name: string;
            /** Format: int64 */
            voice_agent_version: number;
        } | {
            /** @description Of a chat, or of an earlier call. */
            conversation: string;
            /** @description Whose, if that is known. */
            customer?: string | null;
            /** @constant */
            type: "conversation_joined";
        } | {
            /** @description Who: the address as it was written. */
            by: string;
            /** @description Why; empty if nobody said. */
            reason: string;
            /** @constant */
            type: "diverted";
        } | {
            /** @description Whose leg it is: `user` or `staff`. */
            side: string;
            /** @description What encrypts the sound: a suite, or `DTLS-SRTP`; empty: it is plain. */
            suite: string;
            /** @description How SIP travels: `udp`, `tcp`, `tls`, `ws` or `wss`. */
            transport: string;
            /** @constant */
            type: "carried";
        } | {
            /** @description Whose leg it came on. */
            side: string;
            text: string;
            /** @constant */
            type: "user_data_came";
        } | {
            allowed: boolean;
            detail: string;
            rule: string;
            /** @constant */
            type: "rule_checked";
        } | {
            peer: string;
            sip_call_id: string;
            /** @constant */
            type: "dialed";
        } | {
            /** @example +12025550101 */
            caller: string;
            /** Format: int64 */
            trunk: number;
            /** @constant */
            type: "rerouted";
            why: string;
        } | {
            /** Format: uint16 */
            sip_status: number;
            /** @constant */
            type: "rang";
        } | {
            codec: string;
            peer: string;
            /** @constant */
            type: "answered";
        } | {
            /** Format: date-time */
            from: string;
            heard: string;
            interrupted: boolean;
            interruptible: boolean;
            occasion: string;
            /** Format: date-time */
            to: string;
            /** @constant */
            type: "agent_said";
            unsaid: string;
        } | {
            /** Format: date-time */
            from: string;
            text: string;
            /** Format: date-time */
            to: string;
            /** @constant */
            type: "caller_said";
        } | {
            digits: string;
            /** @constant */
            type: "digits_pressed";
        } | {
            /** @constant */
            type: "no_input";
        } | {
            /** @constant */
            type: "false_interruption";
        } | {
            answerer: string;
            /** @constant */
            type: "answerer_found";
        } | {
            outcome: string;
            text: string;
            /** @constant */
            type: "instructed";
            what: string;
        } | (components["schemas"]["LatencyView"] & {
            /** @constant */
            type: "reply_timed";
        }) | (components["schemas"]["ThoughtView"] & {
            /** @constant */
            type: "thought";
        }) | {
            over: boolean;
            /** Format: int64 */
            sound: number;
            /** Format: uint32 */
            times: number;
            /** @constant */
            type: "sound_started";
        } | {
            cut: boolean;
            /** Format: int64 */
            sound: number;
            /** @constant */
            type: "sound_ended";
        } | {
            target: string;
            /** @constant */
            type: "transfer_requested";
        } | {
            /** Format: int64 */
            skill_group?: number | null;
            /** @constant */
            type: "queued";
        } | (components["schemas"]["ServerView"] & {
            /** @constant */
            type: "offered";
        }) | {
            /** @constant */
            type: "offer_rang";
        } | {
            codec: string;
            peer: string;
            /** @constant */
            type: "served";
        } | {
            end: string;
            /** @constant */
            type: "serving_ended";
        } | {
            /** @constant */
            type: "transfer_failed";
            why: string;
        } | {
            name: string;
            /** @constant */
            type: "agent_changed";
            /** Format: int64 */
            version: number;
            /** Format: int64 */
            voice_agent: number;
        } | {
            by: string;
            held: boolean;
            /** @constant */
            type: "hold_changed";
        } | (components["schemas"]["PartyEventView"] & {
            /** @constant */
            type: "party";
        }) | (components["schemas"]["ReferralView"] & {
            /** @constant */
            type: "referral";
        }) | {
            by: string;
            /** @constant */
            type: "hang_up_requested";
        } | {
            cause: string;
            quality?: components["schemas"]["QualityView"] | null;
            side: string;
            sip_reason: string;
            /** Format: uint16 */
            sip_status?: number | null;
            /** @constant */
            type: "ended";
        } | (components["schemas"]["ReviewView"] & {
            /** @constant */
            type: "reviewed";
        }) | {
            /** @constant */
            type: "review_failed";
            why: string;
        } | (components["schemas"]["RecordingView"] & {
            /** @constant */
            type: "recording_ready";
        }) | {
            /** @constant */
            type: "recording_failed";
            why: string;
        } | {
            recording: string;
            /** @constant */
            type: "recording_copied";
            url: string;
        });
        /** @description What a person can take now, and could today. */
        StatusView: {
            /** @description Now. */
            presence: components["schemas"]["PresenceView"];
            /** @description How long each status lasted since midnight in the instance's time zone, seconds. */
            today: components["schemas"]["LastedView"][];
        };
        /** @description The status that a person is to have. */
        StatusWish: {
            /**
             * @description Why; of a break.
             * @default
             */
            reason: string;
            /**
             * @description `free`, `not_ready`, `rest` or `offline`. In the middle of work, `rest` and `not_ready`
             *     are reserved and come after it.
             * @enum {string}
             */
            status: "free" | "busy" | "wrap_up" | "rest" | "not_ready" | "offline";
        };
        /** @description One point of the dialogue. With `then` the agent goes on at once; otherwise it listens. */
        StepText: {
            /** @description Answers that are understood, at most 100. */
            answers?: components["schemas"]["ReplyText"][];
            /**
             * Format: uint32
             * @description The caller is asked for a number of so many digits, 0 to 32; 0: of any length. Pauses
             *     between its groups do not end the turn.
             */
            digits?: number | null;
            /** @description Whether the caller may cut it; as the document says if absent. */
            interruptible?: boolean | null;
            /** @description Where any other answer leads; `no_match` if absent. */
            otherwise?: components["schemas"]["NextText"] | null;
            /** @description Said on arrival. */
            say?: components["schemas"]["LineText"] | null;
            /** @description Where the agent goes on without listening. */
            then?: components["schemas"]["NextText"] | null;
        };
        /** @description A tag that a flow gives a call. */
        TagBody: {
            /** @description Its name. */
            name: string;
            /** @description Its value. */
            value: string;
        };
        /** @description A tag that a branch gives. */
        TagView: {
            name: string;
            value: string;
        };
        /** @description Who takes a forwarded call. */
        TargetBody: {
            staff: string;
        } | {
            /** Format: int64 */
            skill_group: number;
        } | {
            extension: string;
        };
        /** @description What is heard besides the agent's words, and what to do about machines. */
        Telephone: {
            /** @description What sounds behind the agent. */
            ambience?: components["schemas"]["AmbienceText"] | null;
            /**
             * Format: float
             * @description How loud, 0 to 2.
             */
            ambience_volume?: number | null;
            /**
             * @description A signal in Morse code before the welcome, which tells that a machine speaks.
             * @default false
             */
            compliance_tone: boolean;
            /** @description What to do when an answering machine has answered; without it, it is talked to. */
            voicemail?: components["schemas"]["VoicemailText"] | null;
        };
        /** @description Which language models think, and what they may do. */
        ThinkerText: {
            /**
             * Format: uint32
             * @description Longest wait for the first word, whoever says it, 1,000 to 9,000 ms.
             * @default 8000
             */
            answer_ms: number;
            /**
             * @description Whether the model may end the call, by the function `call_end`.
             * @default true
             */
            call_end: boolean;
            /**
             * @description When it is to do so.
             * @default End the call, after saying goodbye, when the caller wants to leave or all is done.
             */
            call_end_description: string;
            /**
             * Format: uint32
             * @description Silence of a model after which the next one is asked as well, 100 to 5,000 ms.
             * @default 800
             */
            failover_ms: number;
            /** @description Words said while the first sentence is late. */
            filler?: components["schemas"]["FillerText"] | null;
            /**
             * @description Whether the model greets the caller; then there is no `greeting`.
             * @default false
             */
            greets: boolean;
            /** @description Servers of the Model Context Protocol whose tools it may call, at most 8. */
            mcp?: components["schemas"]["McpText"][];
            /** @description Names of language models, 1 to 5, in the order in which they are asked. */
            models: string[];
            /**
             * @description Phrases for recognizers that must know what to listen for, at most 100.
             * @default []
             */
            phrases: string[];
            /**
             * @description The system prompt; may hold `${name}`. At most 65,536 characters.
             * @default
             */
            prompt: string;
            /** @description HTTP requests that the model may make, at most 32. */
            tools?: components["schemas"]["ToolText"][];
            /** @description What is done when nobody takes over; without it the call ends with the goodbye. */
            transfer_failed?: components["schemas"]["TransferFailedText"] | null;
            /** @description Functions by which the model hands the caller over, at most 20. */
            transfers?: components["schemas"]["TransferText"][];
        };
        /** @description One step on the way to an answer. */
        ThoughtView: {
            /**
             * Format: uint32
             * @description The turn that is answered, from 1.
             */
            turn: number;
        } & ({
            backend: string;
            /** Format: double */
            first_token_ms?: number | null;
            outcome: components["schemas"]["OutcomeView"];
            /** Format: double */
            took_ms: number;
            /** @constant */
            what: "asked";
            why: string;
        } | {
            answer: string;
            arguments: string;
            outcome: components["schemas"]["OutcomeView"];
            /** Format: double */
            took_ms: number;
            tool: string;
            /** @constant */
            what: "called";
            why: string;
        } | {
            branch: string;
            node: string;
            node_kind: string;
            tags: components["schemas"]["TagView"][];
            /** @constant */
            what: "moved";
        });
        /** @description A new token. */
        TokenBody: {
            /**
             * @description Limits it to this instance. Absent, an operator makes another operator's token, and an
             *     instance another one of its own.
             * @example 1400000001
             */
            instance?: number | null;
            /** @description What it is for. */
            name: string;
        };
        /** @description A bearer token, by what is known of it. */
        TokenView: {
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description The instance that it is limited to; null for an operator's.
             */
            instance?: number | null;
            /** @description What it is for. */
            name: string;
            /** @description The token itself; only in the answer that creates it. */
            token?: string | null;
        };
        /** @description An HTTP request that the model may make. */
        ToolText: {
            /** @description When the model is to call it. */
            description: string;
            /**
             * @description Headers that anybody may see.
             * @default {}
             */
            headers: {
                [key: string]: string;
            };
            /** @description How it is asked. */
            method?: components["schemas"]["MethodText"];
            /** @description Its name: letters, digits, `_`, `-`; 64 at most. */
            name: string;
            /**
             * @description JSON Schema of its arguments.
             * @default {
             *       "properties": {},
             *       "type": "object"
             *     }
             */
            parameters: unknown;
            /**
             * @description Headers whose values are secrets, by the secrets' names.
             * @default {}
             */
            secret_headers: {
                [key: string]: string;
            };
            /** @description Where; `{name}` is an argument. */
            url: string;
            /**
             * Format: uint32
             * @description Longest wait for the answer, 100 to 8,000 ms.
             * @default 5000
             */
            wait_ms: number;
        };
        /** @description What an endpoint is told of; named as the clouds' pushes are. */
        Topic: "cdr" | "record" | "imcdr" | "desk_event" | "desk_assign";
        /** @description A conversation with its turns. */
        TranscriptView: {
            /**
             * Format: date-time
             * @description First question.
             */
            began_at: string;
            /** @description The number that is called, as it was given. */
            callee: string;
            /** @description The number that calls, as it was given. */
            caller: string;
            /**
             * Format: date-time
             * @description When it ended, if it has.
             */
            ended_at?: string | null;
            /** @description Why it ended: `robot`, `caller`, `idle`. */
            ending?: string | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description The owner of the voice agent.
             */
            instance: number;
            /** @description Over which interface it came: `dialogue`, `navigator`, `callback`. */
            interface: string;
            /** @description The other side's name of it. */
            name: string;
            /** @description Which answers the other side understands: `strict`, `extended`. */
            profile: string;
            /** @description The other side's task; may be empty. */
            task: string;
            /** @description All turns, in order. */
            turns: components["schemas"]["TurnView"][];
            /**
             * Format: int64
             * @description Its version at the beginning.
             */
            version: number;
            /**
             * Format: int64
             * @description Who talks.
             */
            voice_agent: number;
        };
        /** @description What was said in a call. */
        TranscriptView2: {
            /** @description `SessionId`. */
            call: string;
            /** @description In the order in which it began. */
            sentences: components["schemas"]["SentenceView"][];
        };
        /** @description Who is to take a call over. */
        TransferBody: {
            /**
             * @description An extension, a number, a person or a skill group: `skill_group:7`, `staff:lin@example.com`,
             *     `extension:1001`, `number:+8613800138000`, or one of them without the word in front.
             */
            target: string;
        };
        /** @description To whom a conversation is passed on: a group, or a person. */
        TransferBody2: {
            /** @description To somebody of this skill group. */
            skill_group?: number | null;
            /** @description Needed with a token; a person who is signed in acts for themselves. */
            staff?: number | null;
            /** @description To this person. */
            to?: number | null;
        };
        /** @description What is done when nobody takes the caller over. */
        TransferFailedText: {
            /**
             * @description Whether the model goes on with the caller; otherwise the call ends.
             * @default false
             */
            go_on: boolean;
            /** @description Said first. */
            say?: components["schemas"]["LineText"] | null;
        };
        /** @description A function by which the model hands the caller over. */
        TransferText: {
            /** @description When the model is to call it. */
            description: string;
            /**
             * @description Its name.
             * @default transfer_to_human
             */
            name: string;
            /** @description Said before. */
            say?: components["schemas"]["LineText"] | null;
            /** @description Who takes over, as `transfer` in answers. */
            target: string;
        };
        /** @description How SIP travels. */
        Transport: "udp" | "tcp" | "tls";
        /** @description What the person does. */
        TrialActBody: "answers" | "says" | "presses" | "is_silent" | "cuts";
        /** @description What the agent makes of it. */
        TrialAnswerView: {
            /** @description What it does then: `speak`, `collect 4`, `transfer desk`, `hang_up`. */
            act: string;
            /** @description Whether the person may cut it. */
            interruptible: boolean;
            /** @description What it says; may be empty. */
            says: string;
            /** @description What it remembers: give it back with the step. */
            state?: string | null;
            /** @description How the answer came about: models that were asked, tools that were called. */
            thoughts: components["schemas"]["ThoughtView"][];
            /**
             * Format: uint64
             * @description How long deciding took, microseconds.
             */
            took_us: number;
        };
        /** @description A conversation to try. */
        TrialBody: {
            /** @description What the agent says and understands; it need not be saved. */
            definition: components["schemas"]["AgentDocument"];
            /** @description What the person does, in order; the first is best `answers`. */
            steps: components["schemas"]["TrialStepBody"][];
            /**
             * @description Values for the agent's texts: names of 1 to 64 characters, values of at most 4,096.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
        };
        /** @description How a language model is tried. */
        TrialBody2: {
            /**
             * @description Questions that are asked, one after the other.
             * @default 5
             */
            questions: number;
        };
        /** @description One thing that the person does. */
        TrialStepBody: {
            /** @description What. */
            act: components["schemas"]["TrialActBody"];
            /**
             * @description What the agent made of it before. Of agents that think with models or flows, steps without
             *     it are asked for, at most 3; scripts decide anew.
             */
            answered?: components["schemas"]["AnsweredBody"] | null;
            /**
             * @description Words or keys; of a cut, what had been spoken until then.
             * @default
             */
            words: string;
        };
        /** @description The agent's answers, one for each step until it hung up. */
        TrialView: {
            /** @description In the order of the steps. */
            answers: components["schemas"]["TrialAnswerView"][];
        };
        /** @description What came of trying a language model. */
        TrialView2: {
            /** @description Whether it answered in Chinese when asked in Chinese. */
            chinese?: boolean | null;
            /**
             * Format: uint32
             * @description Questions without an answer.
             */
            failed: number;
            /** @description Whether nine of ten do. */
            fast_enough?: boolean | null;
            /** @description Why the last question without an answer has none. */
            fault?: string | null;
            /**
             * Format: double
             * @description The first word must come within this time for a reply within a second.
             */
            first_token_budget_ms: number;
            /**
             * Format: double
             * @description Half of the first words came within this time.
             */
            first_token_p50_ms?: number | null;
            /**
             * Format: double
             * @description Nine of ten first words came within this time.
             */
            first_token_p90_ms?: number | null;
            /**
             * Format: double
             * @description Pieces of an answer a second, after the first one; most servers send a token a piece.
             */
            pieces_per_second?: number | null;
            /**
             * Format: uint32
             * @description Questions asked.
             */
            questions: number;
            /** @description Whether answers come in pieces. */
            streaming?: boolean | null;
            /** @description Whether it called the tool that it was asked to call. */
            tool_calls?: boolean | null;
        };
        /** @description What an operator writes down of a trunk. */
        TrunkBody: {
            /**
             * @description Whether its peer may have others called, at your cost, and take over calls of its own (SIP REFER
             *     and Replaces).
             * @default false
             */
            accepts_transfers: boolean;
            /**
             * @description Whether its peer is asked (SIP REFER) to call numbers outside itself that a call of its own is
             *     handed over to.
             * @default false
             */
            asks_transfers: boolean;
            /**
             * @description Callees that the trunk takes: leading digits with country code; empty takes all.
             * @default []
             */
            callee_prefixes: string[];
            /**
             * @description How it is told who calls.
             * @default from
             */
            caller_identity: components["schemas"]["IdentityBody"];
            /**
             * @description New outbound calls a second.
             * @default 10
             */
            calls_per_second_max: number;
            /**
             * @description Calls at once, in both directions.
             * @default 30
             */
            channels_max: number;
            /**
             * @description Codecs in order of preference.
             * @default [
             *       "pcma",
             *       "pcmu"
             *     ]
             */
            codecs: components["schemas"]["Codec"][];
            /** @description SIP domain in From and To; the host if absent. */
            domain?: string | null;
            /**
             * @description Whether what comes before the answer (SIP 183) is heard and recorded.
             * @default true
             */
            early_media: boolean;
            /**
             * @description Off trunks carry no call.
             * @default true
             */
            enabled: boolean;
            /**
             * @description Whether the sound of calls is encrypted.
             * @default off
             */
            encryption: components["schemas"]["Encryption"];
            /**
             * @description Longest wait for any answer to an INVITE, s; then the next trunk is tried.
             * @default 5
             */
            first_answer_second: number;
            /** @description Host name or address of the peer. */
            host: string;
            /**
             * @description How it is sent key presses.
             * @default auto
             */
            key_presses: components["schemas"]["KeyPressesBody"];
            /**
             * @description Whether its INVITEs go without our offer (SDP), so that the callee's comes with its answer; nothing is
             *     heard before that.
             * @default false
             */
            late_offer: boolean;
            /**
             * @description How long the other side of its calls may send neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
             *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
             *     not send, it is not missed.
             * @default 30
             */
            media_timeout_second: number | 0;
            /** @description Unique name. */
            name: string;
            /**
             * @description Whether it is asked by OPTIONS every 30 s if it is alive; otherwise only after calls failed.
             * @default true
             */
            options_ping: boolean;
            /** @description Digest password. Never shown; without it in a change the present one stays, null removes it. */
            password?: string | null;
            /**
             * @description Its SIP port.
             * @default 5060
             */
            port: number;
            /**
             * @description Callee rewriting; the first match wins. Without a match `+` and all digits are dialled.
             * @default []
             */
            prefix_rules: components["schemas"]["PrefixRuleBody"][];
            /**
             * @description Whether calls that come in get 183 with our description before the answer: reliably where the caller
             *     supports that (`100rel`). A caller that requires it gets that anyway.
             * @default false
             */
            progress_first: boolean;
            /**
             * @description INVITEs that may follow from its redirections (SIP 3xx); with 0 they are refusals.
             * @default 0
             */
            redirects_max: number;
            /**
             * @description Whether we register at it with user and password, so that it knows where to send calls.
             * @default false
             */
            register: boolean;
            /**
             * @description Its numbers are simulated: no real phone rings.
             * @default false
             */
            simulated: boolean;
            /**
             * @description Whether the host is a domain whose SRV records say which machines and ports; then the port is
             *     not used.
             * @default false
             */
            srv: boolean;
            /**
             * @description Where SIP travels by TLS: authorities that the peer's certificate must come from, PEM. Without
             *     them, those that the server's machine trusts.
             */
            tls_authorities?: string | null;
            /** @description Certificate that the peer is shown, PEM, with those that lead to its authority. */
            tls_certificate?: string | null;
            /** @description Its key, PEM. Never shown; without it in a change the present one stays, null removes it. */
            tls_key?: string | null;
            /**
             * @description How SIP travels.
             * @default udp
             */
            transport: components["schemas"]["Transport"];
            /** @description Digest user, if the peer asks for one. */
            user?: string | null;
        };
        /** @description A trunk and how much of it is in use. */
        TrunkStateView: {
            /**
             * Format: uint32
             * @description Calls that it carries now.
             */
            channels: number;
            /**
             * Format: uint32
             * @description Calls that it may carry.
             */
            channels_max: number;
            /** @description Whether it may be used. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /** @description Whether simulated people stand behind it. */
            simulated: boolean;
        };
        /** @description A configured route to a carrier or PBX. */
        TrunkView: {
            /**
             * @description Whether its peer may have others called, at your cost, and take over calls of its own (SIP REFER
             *     and Replaces).
             * @default false
             */
            accepts_transfers: boolean;
            /**
             * Format: date-time
             * @description When it last answered a question or a call; null: not since the start.
             */
            answered_at?: string | null;
            /**
             * @description Whether its peer is asked (SIP REFER) to call numbers outside itself that a call of its own is
             *     handed over to.
             * @default false
             */
            asks_transfers: boolean;
            /**
             * @description Callees that the trunk takes: leading digits with country code; empty takes all.
             * @default []
             */
            callee_prefixes: string[];
            /**
             * @description How it is told who calls.
             * @default from
             */
            caller_identity: components["schemas"]["IdentityBody"];
            /**
             * @description New outbound calls a second.
             * @default 10
             */
            calls_per_second_max: number;
            /**
             * @description Calls at once, in both directions.
             * @default 30
             */
            channels_max: number;
            /** @description Whether calls go through at present. */
            circuit: components["schemas"]["CircuitView"];
            /**
             * Format: date-time
             * @description Since when; null before anybody has looked.
             */
            circuit_since?: string | null;
            /**
             * @description Codecs in order of preference.
             * @default [
             *       "pcma",
             *       "pcmu"
             *     ]
             */
            codecs: components["schemas"]["Codec"][];
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description SIP domain in From and To; the host if absent. */
            domain?: string | null;
            /**
             * @description Whether what comes before the answer (SIP 183) is heard and recorded.
             * @default true
             */
            early_media: boolean;
            /**
             * @description Off trunks carry no call.
             * @default true
             */
            enabled: boolean;
            /**
             * @description Whether the sound of calls is encrypted.
             * @default off
             */
            encryption: components["schemas"]["Encryption"];
            /**
             * @description Longest wait for any answer to an INVITE, s; then the next trunk is tried.
             * @default 5
             */
            first_answer_second: number;
            /** @description Whether a password is stored. */
            has_password: boolean;
            /** @description Whether a key of a certificate is stored. */
            has_tls_key: boolean;
            /** @description Host name or address of the peer. */
            host: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * @description How it is sent key presses.
             * @default auto
             */
            key_presses: components["schemas"]["KeyPressesBody"];
            /**
             * @description Whether its INVITEs go without our offer (SDP), so that the callee's comes with its answer; nothing is
             *     heard before that.
             * @default false
             */
            late_offer: boolean;
            /**
             * @description How long the other side of its calls may send neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
             *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
             *     not send, it is not missed.
             * @default 30
             */
            media_timeout_second: number | 0;
            /** @description Unique name. */
            name: string;
            /** @description Its numbers, in the order in which they were added. */
            numbers: components["schemas"]["NumberView"][];
            /**
             * @description Whether it is asked by OPTIONS every 30 s if it is alive; otherwise only after calls failed.
             * @default true
             */
            options_ping: boolean;
            /** @description Digest password. Never shown; without it in a change the present one stays, null removes it. */
            password?: string | null;
            /**
             * @description Its SIP port.
             * @default 5060
             */
            port: number;
            /**
             * @description Callee rewriting; the first match wins. Without a match `+` and all digits are dialled.
             * @default []
             */
            prefix_rules: components["schemas"]["PrefixRuleBody"][];
            /**
             * @description Whether calls that come in get 183 with our description before the answer: reliably where the caller
             *     supports that (`100rel`). A caller that requires it gets that anyway.
             * @default false
             */
            progress_first: boolean;
            /**
             * @description INVITEs that may follow from its redirections (SIP 3xx); with 0 they are refusals.
             * @default 0
             */
            redirects_max: number;
            /**
             * @description Whether we register at it with user and password, so that it knows where to send calls.
             * @default false
             */
            register: boolean;
            /** @description Whether the carrier knows us; null where we do not register. */
            registration?: components["schemas"]["RegistrationView"] | null;
            /**
             * @description Its numbers are simulated: no real phone rings.
             * @default false
             */
            simulated: boolean;
            /**
             * @description Whether the host is a domain whose SRV records say which machines and ports; then the port is
             *     not used.
             * @default false
             */
            srv: boolean;
            /**
             * @description Where SIP travels by TLS: authorities that the peer's certificate must come from, PEM. Without
             *     them, those that the server's machine trusts.
             */
            tls_authorities?: string | null;
            /** @description Certificate that the peer is shown, PEM, with those that lead to its authority. */
            tls_certificate?: string | null;
            /** @description Its key, PEM. Never shown; without it in a change the present one stays, null removes it. */
            tls_key?: string | null;
            /**
             * @description How SIP travels.
             * @default udp
             */
            transport: components["schemas"]["Transport"];
            /** @description Digest user, if the peer asks for one. */
            user?: string | null;
        };
        /** @description One turn. */
        TurnView: {
            /** @description What the robot did: `speak`, `collect 4`, `transfer desk`, `hang_up`. */
            act: string;
            /**
             * Format: date-time
             * @description When it was asked.
             */
            at: string;
            /** @description The caller's words or keys. */
            heard: string;
            /** @description Whether the caller may cut it. */
            interruptible: boolean;
            /** @description What happened: `begins`, `said`, `pressed`, `silent`, `cut`, `failed`, `ended`. */
            kind: string;
            /**
             * Format: int64
             * @description Counts from 1.
             */
            n: number;
            /** @description What the robot said. */
            said: string;
            /**
             * Format: int64
             * @description Time until the answer was made, microseconds; storing it is not in this.
             */
            took_us: number;
        };
        /** @description Whose turn it is to speak; what is absent stays at its default. */
        Turns: {
            /** @description What cuts the agent. */
            barge_in?: components["schemas"]["BargeInText"] | null;
            /**
             * Format: uint32
             * @description Speech over the agent's voice that cuts it, 100 to 5,000 ms.
             */
            barge_in_ms?: number | null;
            /**
             * Format: uint32
             * @description Words over the agent's voice that cut it, where words count; 1 to 20.
             */
            barge_in_words?: number | null;
            /**
             * Format: uint32
             * @description That silence while a number is dictated, 240 to 5,000 ms.
             */
            dictation_ms?: number | null;
            /** @description Think as soon as the words are known, before the turn is certain to be over. */
            early?: boolean | null;
            /** @description Whether that silence follows the caller's own pauses. */
            endpointing?: components["schemas"]["EndpointingText"] | null;
            /**
             * Format: uint32
             * @description Silence after which the caller's turn is over, 240 to 2,000 ms.
             */
            endpointing_ms?: number | null;
            /**
             * Format: uint32
             * @description Longest speech without words after which a cut agent goes on, 0 to 10,000 ms; 0: every cut
             *     is final.
             */
            false_interruption_ms?: number | null;
            /** @description What the words so far do to it. */
            hints?: components["schemas"]["HintsText"] | null;
            /** @description What is said about silence without asking whoever thinks. */
            notify?: components["schemas"]["NotifyText"] | null;
            /**
             * Format: uint32
             * @description Longest wait for the recognizer, 100 to 10,000 ms.
             */
            recognizer_wait_ms?: number | null;
            /**
             * Format: uint32
             * @description Speech this near to the end of a reply is an answer, however short; 0 to 5,000 ms.
             */
            reply_tail_ms?: number | null;
            /**
             * Format: uint32
             * @description Longest turn of the caller, 5 to 600 s.
             */
            turn_second?: number | null;
            /**
             * Format: uint32
             * @description Speech without words that is asked about, 100 to 5,000 ms.
             */
            unclear_ms?: number | null;
            /**
             * Format: uint32
             * @description How far from the telephone a voice may be, 0 (anywhere) to 3 (at it).
             */
            vad_level?: number | null;
        };
        /** @description Whom to sign a name for. */
        UserSigBody: {
            /** @description Data to sign beside (`userbuf`), such as `{"nickName": "Ann"}`. */
            data?: string | null;
            /** @description How long it is good; a day if absent. */
            good_for_second?: number | null;
            /** @description An administrator of the Desk API, or a customer's id. */
            identifier: string;
        };
        /** @description A signed name. */
        UserSigView: {
            /** @description Whom it names. */
            identifier: string;
            /**
             * Format: int64
             * @description `sdkappid` of requests with it.
             */
            sdk_app_id: number;
            /** @description `UserSig`, as the cloud's libraries make it (TLSSigAPIv2). */
            user_sig: string;
        };
        /** @description Something that was said in a call. */
        UtteranceView: {
            /** @description Whether it was understood only afterwards, in the recording. */
            afterwards: boolean;
            /**
             * Format: date-time
             * @description When it began.
             */
            from: string;
            /** @description What the other side could hear, or what was recognized. */
            text: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            to: string;
            /** @description What barge-in cut off. */
            unsaid: string;
            /** @description `agent` or `caller`; `party`: somebody else who joined. */
            who: string;
        };
        /** @description A value for the agent's texts. */
        VariableView: {
            /** @description Its name. */
            key: string;
            /** @description Its value. */
            value: string;
        };
        /** @description Whether the log is what was written. */
        VerifiedView: {
            /**
             * Format: int64
             * @description Entries that are good, from the first on.
             */
            entries: number;
            /** @description Hash of the newest entry: keep it elsewhere to notice if entries are cut off at the end. */
            hash?: string | null;
            /** @description What is wrong behind them. */
            problem?: string | null;
            /** @description Whether every entry is there and as it was written. */
            whole: boolean;
        };
        /** @description A version of a voice agent. */
        VersionView: {
            /** @description The agent's name in it. */
            name: string;
            /**
             * Format: date-time
             * @description When it was saved.
             */
            saved_at: string;
            /**
             * Format: int64
             * @description Counts from 1.
             */
            version: number;
        };
        /** @description What a designer writes down of a voice agent. */
        VoiceAgentBody: {
            /** @description What it says and understands. */
            definition: components["schemas"]["AgentDocument"];
            /** @description Shown to people. */
            name: string;
            /** @description The version that this one replaces; the header `If-Match` says the same. Only in changes. */
            version?: number | null;
        };
        /** @description An AI that talks, without its definition. */
        VoiceAgentSummary: {
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: int64
             * @description `AIAgentId`.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /** @description Shown to people. */
            name: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /** @description `${name}` variables that the definition mentions. */
            variable_names: string[];
            /**
             * Format: int64
             * @description Grows by one with each change; a call keeps the version it started with.
             */
            version: number;
        };
        /** @description An AI that talks. */
        VoiceAgentView: {
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description What it says and understands. */
            definition: components["schemas"]["AgentDocument"];
            /**
             * Format: int64
             * @description `AIAgentId`.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /** @description Shown to people. */
            name: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /** @description `${name}` variables that the definition mentions. */
            variable_names: string[];
            /**
             * Format: int64
             * @description Grows by one with each change; a call keeps the version it started with.
             */
            version: number;
        };
        /** @description `"hang_up"`, or `{"leave_message": line}`. */
        VoicemailText: "hang_up" | {
            leave_message: components["schemas"]["LineText"];
        };
        /** @description What an operator writes down of a webhook endpoint. */
        WebhookEndpointBody: {
            /**
             * @description How we prove who we are; replaced as a whole.
             * @default {
             *       "type": "none"
             *     }
             */
            auth: components["schemas"]["AuthBody"];
            /**
             * @description Off endpoints get nothing.
             * @default true
             */
            enabled: boolean;
            /** @description Key of the optional signature header. Never shown. */
            signing_secret?: string | null;
            /**
             * @description What it is told of.
             * @default [
             *       "cdr",
             *       "record"
             *     ]
             */
            topics: components["schemas"]["Topic"][];
            /** @description Where it is: `http` or `https`. */
            url: string;
        };
        /** @description A receiver of an instance's pushes. */
        WebhookEndpointView: {
            /**
             * @description How we prove who we are; replaced as a whole.
             * @default {
             *       "type": "none"
             *     }
             */
            auth: components["schemas"]["AuthBody"];
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * @description Off endpoints get nothing.
             * @default true
             */
            enabled: boolean;
            /** @description Whether pushes are signed. */
            has_signing_secret: boolean;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description Its owner.
             */
            instance: number;
            /** @description Key of the optional signature header. Never shown. */
            signing_secret?: string | null;
            /**
             * @description What it is told of.
             * @default [
             *       "cdr",
             *       "record"
             *     ]
             */
            topics: components["schemas"]["Topic"][];
            /** @description Where it is: `http` or `https`. */
            url: string;
        };
        /** @description One contact of a customer: a chat, calls, or both. */
        WholeConversationView: {
            /** @description Its calls, the first one first; 200 at most. */
            calls: components["schemas"]["CallSummary"][];
            /** @description What was written, if something was. */
            chat?: components["schemas"]["ConversationView"] | null;
            /** @description Its id. */
            conversation: string;
            /** @description Whose, if that is known. */
            customer?: string | null;
        };
    };
    responses: {
        /** @description Request cannot be read */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nobody is signed in */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not allowed */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not found */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Method not allowed */
        Problem405: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description In conflict */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not kept any more */
        Problem410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Changed in between */
        Problem412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Body is too large */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Content type is not taken here */
        Problem415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A field is wrong */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests */
        Problem429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal fault */
        Problem500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not available at present */
        Problem503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_audit: {
        parameters: {
            query?: {
                /** @description By this actor: an e-mail, a token's id and name, a credential's id. */
                actor?: string | null;
                /** @description At this time or later. */
                from?: string | null;
                /** @description About things of this instance; all that the caller may see if absent. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description About this subject, such as a path. */
                subject?: string | null;
                /** @description Before this time. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfAuditView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_audit_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifiedView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_call_rules: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallRulesBody"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_call_rules: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallRulesBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallRulesBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_calls: {
        parameters: {
            query?: {
                /** @description Only those that have ended (true), or that have not (false; no other filter is taken then). */
                ended?: boolean | null;
                /** @description Started at or after. */
                from?: string | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Only with this number as caller or callee. */
                number?: string | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description Started before. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfCallSummary"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceCallBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallSummary"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_calls_csv: {
        parameters: {
            query?: {
                /** @description Started at or after. */
                from?: string | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Only with this number as caller or callee. */
                number?: string | null;
                /** @description Started before. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_calls_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_calls_id_events: {
        parameters: {
            query?: {
                /** @description Only after this event; all if absent. */
                after?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfStampedView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_hangup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SideBody"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_instructions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstructionBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstructionView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_listeners: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListenerBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LegView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_calls_id_listeners_leg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                leg: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeBody"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_calls_id_listeners_leg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                leg: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_calls_id_outline: {
        parameters: {
            query?: {
                /**
                 * @description Levels in one second, 25 if absent. Long calls get fewer, so that a voice has at most
                 *     20,000.
                 */
                levels_per_second?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutlineView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_participants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParticipantBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LegView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_calls_id_participants_leg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                leg: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_calls_id_picture_svg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SideBody"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_sounds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaySoundBody"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_calls_id_transfer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_campaigns: {
        parameters: {
            query?: {
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Only with this text in their name. */
                name?: string | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description Only in this state: `running`, `paused`, `completed`, `canceled`. */
                state?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfCampaignView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_campaigns: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_campaigns_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_campaigns_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_campaigns_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Attempts at once.
                     * @default 10
                     */
                    at_once?: number;
                    /**
                     * @description Numbers that callees may see, tried in order; any number of the instance if absent.
                     * @default []
                     */
                    callers?: string[];
                    /**
                     * @description Whom to call, added with it: all of it or nothing. Only in the request that makes it; more
                     *     are added by `/contacts`.
                     */
                    contacts?: components["schemas"]["ContactBody"][];
                    /**
                     * @description What it is for.
                     * @default
                     */
                    description?: string;
                    /**
                     * @description Dialled before campaigns that are not.
                     * @default false
                     */
                    is_urgent?: boolean;
                    /** @description Its name. */
                    name?: string;
                    /**
                     * @description Whether it is paused to begin with: it calls nobody until it is resumed. Only in the request
                     *     that makes it.
                     */
                    paused?: boolean | null;
                    /**
                     * @description Numbers for the second attempt and later ones; `callers` if absent.
                     * @default []
                     */
                    recall_callers?: string[];
                    /**
                     * @description When a contact is dialled again.
                     * @default {
                     *       "again_on": [],
                     *       "attempts_max": 3,
                     *       "attempts_per_day_max": 3,
                     *       "give_up_on": [
                     *         "empty_number"
                     *       ],
                     *       "interval_second": 600
                     *     }
                     */
                    retry?: components["schemas"]["RetryBody"];
                    /** @description Longest time that a phone may ring; 60 if absent. */
                    ring_second_max?: number | null;
                    /**
                     * @description When it may dial.
                     * @default {
                     *       "days_of_month": [],
                     *       "days_of_week": [],
                     *       "from": null,
                     *       "hours": [],
                     *       "time_zone": null,
                     *       "to": null
                     *     }
                     */
                    schedule?: components["schemas"]["ScheduleBody"];
                    /** @description Who talks. */
                    voice_agent?: number;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Attempts at once.
                     * @default 10
                     */
                    at_once?: number;
                    /**
                     * @description Numbers that callees may see, tried in order; any number of the instance if absent.
                     * @default []
                     */
                    callers?: string[];
                    /**
                     * @description Whom to call, added with it: all of it or nothing. Only in the request that makes it; more
                     *     are added by `/contacts`.
                     */
                    contacts?: components["schemas"]["ContactBody"][];
                    /**
                     * @description What it is for.
                     * @default
                     */
                    description?: string;
                    /**
                     * @description Dialled before campaigns that are not.
                     * @default false
                     */
                    is_urgent?: boolean;
                    /** @description Its name. */
                    name?: string;
                    /**
                     * @description Whether it is paused to begin with: it calls nobody until it is resumed. Only in the request
                     *     that makes it.
                     */
                    paused?: boolean | null;
                    /**
                     * @description Numbers for the second attempt and later ones; `callers` if absent.
                     * @default []
                     */
                    recall_callers?: string[];
                    /**
                     * @description When a contact is dialled again.
                     * @default {
                     *       "again_on": [],
                     *       "attempts_max": 3,
                     *       "attempts_per_day_max": 3,
                     *       "give_up_on": [
                     *         "empty_number"
                     *       ],
                     *       "interval_second": 600
                     *     }
                     */
                    retry?: components["schemas"]["RetryBody"];
                    /** @description Longest time that a phone may ring; 60 if absent. */
                    ring_second_max?: number | null;
                    /**
                     * @description When it may dial.
                     * @default {
                     *       "days_of_month": [],
                     *       "days_of_week": [],
                     *       "from": null,
                     *       "hours": [],
                     *       "time_zone": null,
                     *       "to": null
                     *     }
                     */
                    schedule?: components["schemas"]["ScheduleBody"];
                    /** @description Who talks. */
                    voice_agent?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_campaigns_id_attempts: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfAttemptView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_campaigns_id_cancel: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_campaigns_id_contacts: {
        parameters: {
            query?: {
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description Only in this state: `waiting`, `dialing`, `paused`, `reached`, `failed`, `canceled`. */
                state?: string | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfContactView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_campaigns_id_contacts: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactsBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfAddedView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_campaigns_id_contacts_move: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_campaigns_id_events: {
        parameters: {
            query?: {
                /** @description Only after this event; all if absent. */
                after?: number | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfEventView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_campaigns_id_pause: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_campaigns_id_resume: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_canned_answers: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfCannedView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_canned_answers: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CannedBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_chat_canned_answers_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_conversations: {
        parameters: {
            query?: {
                /** @description Only of this customer. */
                customer?: string | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description Only of this staff member. */
                staff?: number | null;
                /** @description Only in this state. `queued` is in the order of waiting, the longest wait first. */
                state?: components["schemas"]["ConversationStateAsk"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfConversationView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_conversations_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_accept: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_close: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_decline: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_conversations_id_events: {
        parameters: {
            query?: {
                /** @description Only after this number; from the beginning if absent. */
                after?: number | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_files: {
        parameters: {
            query?: {
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Needed with a token; a person who is signed in acts for themselves. */
                staff?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentFileView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_give_back: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_conversations_id_messages: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfMessageView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_messages: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SayBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_notes: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_rating: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_take_over: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_conversations_id_transfer: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody2"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_events: {
        parameters: {
            query?: {
                /**
                 * @description Only after this `seq`; 0 is from the beginning. Absent: after the header `Last-Event-ID`,
                 *     or else only what happens from now on.
                 */
                after?: number | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_files_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_secret: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView2"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_chat_settings: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsBody"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_chat_settings: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Identifiers that may use the cloud's Desk API.
                     * @default [
                     *       "administrator"
                     *     ]
                     */
                    admins?: string[];
                    /**
                     * @description For so long a person who is asked may not answer.
                     * @default 60
                     */
                    answer_second?: number;
                    /**
                     * @description The voice agent that answers customers first; absent: the instance's own server does, told
                     *     by the webhook topic `desk_event`.
                     */
                    bot?: number | null;
                    /**
                     * @description A customer who writes nothing for so long has left.
                     * @default 1800
                     */
                    customer_silence_second?: number;
                    /**
                     * @description Off: the widget and the cloud's Desk API are refused.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * @description Longest file, in bytes; 0 takes none.
                     * @default 10485760
                     */
                    file_bytes_max?: number;
                    /**
                     * @description What the customer sees when nobody is there; may be empty.
                     * @default null
                     */
                    nobody_tip?: string | null;
                    /**
                     * @description Pages that may show the widget, as origins (`https://shop.example`); `*` is every page.
                     * @default []
                     */
                    origins?: string[];
                    /**
                     * @description Conversations that one person has at a time, unless a skill group says less.
                     * @default 5
                     */
                    per_staff_max?: number;
                    /**
                     * @description Customers who wait at a time.
                     * @default 100
                     */
                    queue_length_max?: number;
                    /**
                     * @description For so long a customer waits for a person.
                     * @default 600
                     */
                    queue_second?: number;
                    /** @description The skill group that is asked when nobody says which; everybody who may chat if absent. */
                    skill_group?: number | null;
                    /**
                     * @description A growing message without a new piece for so long is closed.
                     * @default 60
                     */
                    stream_silence_second?: number;
                    /**
                     * @description What the customer sees first where no bot greets; may be empty.
                     * @default null
                     */
                    welcome?: string | null;
                    /**
                     * @description Time for notes, in seconds, once a person's last conversation is over: `wrap_up`, then
                     *     `free`. 0 is none.
                     * @default 0
                     */
                    wrap_up_second?: number;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Identifiers that may use the cloud's Desk API.
                     * @default [
                     *       "administrator"
                     *     ]
                     */
                    admins?: string[];
                    /**
                     * @description For so long a person who is asked may not answer.
                     * @default 60
                     */
                    answer_second?: number;
                    /**
                     * @description The voice agent that answers customers first; absent: the instance's own server does, told
                     *     by the webhook topic `desk_event`.
                     */
                    bot?: number | null;
                    /**
                     * @description A customer who writes nothing for so long has left.
                     * @default 1800
                     */
                    customer_silence_second?: number;
                    /**
                     * @description Off: the widget and the cloud's Desk API are refused.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * @description Longest file, in bytes; 0 takes none.
                     * @default 10485760
                     */
                    file_bytes_max?: number;
                    /**
                     * @description What the customer sees when nobody is there; may be empty.
                     * @default null
                     */
                    nobody_tip?: string | null;
                    /**
                     * @description Pages that may show the widget, as origins (`https://shop.example`); `*` is every page.
                     * @default []
                     */
                    origins?: string[];
                    /**
                     * @description Conversations that one person has at a time, unless a skill group says less.
                     * @default 5
                     */
                    per_staff_max?: number;
                    /**
                     * @description Customers who wait at a time.
                     * @default 100
                     */
                    queue_length_max?: number;
                    /**
                     * @description For so long a customer waits for a person.
                     * @default 600
                     */
                    queue_second?: number;
                    /** @description The skill group that is asked when nobody says which; everybody who may chat if absent. */
                    skill_group?: number | null;
                    /**
                     * @description A growing message without a new piece for so long is closed.
                     * @default 60
                     */
                    stream_silence_second?: number;
                    /**
                     * @description What the customer sees first where no bot greets; may be empty.
                     * @default null
                     */
                    welcome?: string | null;
                    /**
                     * @description Time for notes, in seconds, once a person's last conversation is over: `wrap_up`, then
                     *     `free`. 0 is none.
                     * @default 0
                     */
                    wrap_up_second?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_chat_user_sigs: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserSigBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserSigView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_conversations_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeConversationView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_credentials: {
        parameters: {
            query?: {
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfCredentialView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_credentials_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_credentials_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_credentials_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Actions that it may call, spelled as on the wire (`CreateAIAgentCall`); all if absent. */
                    actions?: string[] | null;
                    /**
                     * @description Off credentials are refused as if they were unknown.
                     * @default true
                     */
                    enabled?: boolean;
                    /** @description Instances that it may act for. */
                    instances?: number[];
                };
                "application/merge-patch+json": {
                    /** @description Actions that it may call, spelled as on the wire (`CreateAIAgentCall`); all if absent. */
                    actions?: string[] | null;
                    /**
                     * @description Off credentials are refused as if they were unknown.
                     * @default true
                     */
                    enabled?: boolean;
                    /** @description Instances that it may act for. */
                    instances?: number[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_customers_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_customers_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_customers_id_history: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfCustomerHistoryView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_deliveries: {
        parameters: {
            query?: {
                /** @description Only of this call. */
                call?: string | null;
                /** @description Only to this webhook endpoint. */
                endpoint?: number | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description Only in this state. */
                state?: components["schemas"]["DeliveryPhase"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfDeliverySummary"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_deliveries_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_deliveries_id_replay: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliverySummary"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_dialogues: {
        parameters: {
            query?: {
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description The other side's name: `CallId`, `ConversationId`, `sessionId`. */
                name?: string | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description Only those that have not ended. */
                only_open?: boolean;
                /** @description The other side's task. */
                task?: string | null;
                /** @description Who talks. */
                voice_agent?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfDialogueView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_dialogues_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_do_not_call: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfDoNotCallView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_do_not_call: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoNotCallBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_do_not_call_number: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_events: {
        parameters: {
            query?: {
                /**
                 * @description Only after this number; 0 is from the beginning. Absent: after the header `Last-Event-ID`,
                 *     or else only what happens from now on.
                 */
                after?: number | null;
                /** @description Only of this instance; of all that the token may see if absent. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            410: components["responses"]["Problem410"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_extensions: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfExtensionView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_extensions: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtensionBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtensionView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_extensions_number: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtensionView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_extensions_number: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_extensions_number: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Whether the phone may call numbers outside, and transfer calls there.
                     * @default true
                     */
                    calls_outside?: boolean;
                    /**
                     * @description Codecs that its phone may have, in order of preference.
                     * @default [
                     *       "pcma",
                     *       "pcmu",
                     *       "g722",
                     *       "opus"
                     *     ]
                     */
                    codecs?: components["schemas"]["Codec"][];
                    /**
                     * @description Whether the sound of the phone's calls is encrypted.
                     * @default optional
                     */
                    encryption?: components["schemas"]["Encryption"];
                    /**
                     * @description How long its phone rings before that, s.
                     * @default 20
                     */
                    forward_after_second?: number;
                    /** @description Where every call to it goes instead: an extension or a number outside, in digits. */
                    forward_always?: string | null;
                    /** @description The same for calls while its phone is in another call, or says so. */
                    forward_busy?: string | null;
                    /** @description The same for calls that its phone does not answer, or cannot. */
                    forward_no_answer?: string | null;
                    /**
                     * @description How its phone is sent key presses.
                     * @default auto
                     */
                    key_presses?: components["schemas"]["KeyPressesBody"];
                    /**
                     * @description How long its phone may send, in a call, neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
                     *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
                     *     not send, it is not missed.
                     * @default 30
                     */
                    media_timeout_second?: number | 0;
                    /** @description Shown to people. */
                    name?: string;
                    /** @description The number: 3 to 6 digits, the first not 0. Cannot be changed. */
                    number?: string;
                    /**
                     * @description Skill groups whose calls the phone may take.
                     * @default []
                     */
                    skill_groups?: number[];
                    /** @description E-mail of the person whose phone it is. */
                    staff?: string | null;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Whether the phone may call numbers outside, and transfer calls there.
                     * @default true
                     */
                    calls_outside?: boolean;
                    /**
                     * @description Codecs that its phone may have, in order of preference.
                     * @default [
                     *       "pcma",
                     *       "pcmu",
                     *       "g722",
                     *       "opus"
                     *     ]
                     */
                    codecs?: components["schemas"]["Codec"][];
                    /**
                     * @description Whether the sound of the phone's calls is encrypted.
                     * @default optional
                     */
                    encryption?: components["schemas"]["Encryption"];
                    /**
                     * @description How long its phone rings before that, s.
                     * @default 20
                     */
                    forward_after_second?: number;
                    /** @description Where every call to it goes instead: an extension or a number outside, in digits. */
                    forward_always?: string | null;
                    /** @description The same for calls while its phone is in another call, or says so. */
                    forward_busy?: string | null;
                    /** @description The same for calls that its phone does not answer, or cannot. */
                    forward_no_answer?: string | null;
                    /**
                     * @description How its phone is sent key presses.
                     * @default auto
                     */
                    key_presses?: components["schemas"]["KeyPressesBody"];
                    /**
                     * @description How long its phone may send, in a call, neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
                     *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
                     *     not send, it is not missed.
                     * @default 30
                     */
                    media_timeout_second?: number | 0;
                    /** @description Shown to people. */
                    name?: string;
                    /** @description The number: 3 to 6 digits, the first not 0. Cannot be changed. */
                    number?: string;
                    /**
                     * @description Skill groups whose calls the phone may take.
                     * @default []
                     */
                    skill_groups?: number[];
                    /** @description E-mail of the person whose phone it is. */
                    staff?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtensionView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_extensions_number_password: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtensionView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_instance_names: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceNameBody"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_instances: {
        parameters: {
            query?: {
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfInstanceView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_instances: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_instances_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_instances_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_instances_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Country code for numbers that API callers write nationally.
                     * @default 86
                     */
                    country_code?: string;
                    /** @description Shown to people. */
                    name?: string;
                    /**
                     * @description IANA time zone of its days and working hours.
                     * @default Asia/Shanghai
                     */
                    time_zone?: string;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Country code for numbers that API callers write nationally.
                     * @default 86
                     */
                    country_code?: string;
                    /** @description Shown to people. */
                    name?: string;
                    /**
                     * @description IANA time zone of its days and working hours.
                     * @default Asia/Shanghai
                     */
                    time_zone?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_language_models: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfLanguageModelView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_language_models: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LanguageModelBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LanguageModelView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_language_models_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LanguageModelView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_language_models_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_language_models_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Further fields of each request. */
                    extra_body?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Longest wait for the first word, ms.
                     * @default 5000
                     */
                    first_token_ms?: number;
                    /** @description Its key. Never shown; without it in a change the present one stays, null removes it. */
                    key?: string | null;
                    /** @description The longest answer in tokens; the server's own if absent. */
                    max_tokens?: number | null;
                    /** @description The model, or Azure's deployment; Dify has none. */
                    model?: string | null;
                    /** @description By which voice agents know it; unique in its instance. */
                    name?: string;
                    /**
                     * @description Longest wait between two pieces of an answer, ms.
                     * @default 5000
                     */
                    piece_ms?: number;
                    /**
                     * Format: double
                     * @description Sampling temperature, 0 to 2; the server's own if absent.
                     */
                    temperature?: number | null;
                    /**
                     * Format: double
                     * @description Nucleus sampling, 0 to 1; the server's own if absent.
                     */
                    top_p?: number | null;
                    /**
                     * @description Which protocol it speaks.
                     * @default openai
                     */
                    type?: components["schemas"]["LanguageModelType"];
                    /**
                     * @description Its base: `https://api.openai.com/v1`, `https://NAME.openai.azure.com?api-version=…`,
                     *     `https://api.minimax.io/v1`, `https://api.dify.ai/v1`.
                     */
                    url?: string;
                };
                "application/merge-patch+json": {
                    /** @description Further fields of each request. */
                    extra_body?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Longest wait for the first word, ms.
                     * @default 5000
                     */
                    first_token_ms?: number;
                    /** @description Its key. Never shown; without it in a change the present one stays, null removes it. */
                    key?: string | null;
                    /** @description The longest answer in tokens; the server's own if absent. */
                    max_tokens?: number | null;
                    /** @description The model, or Azure's deployment; Dify has none. */
                    model?: string | null;
                    /** @description By which voice agents know it; unique in its instance. */
                    name?: string;
                    /**
                     * @description Longest wait between two pieces of an answer, ms.
                     * @default 5000
                     */
                    piece_ms?: number;
                    /**
                     * Format: double
                     * @description Sampling temperature, 0 to 2; the server's own if absent.
                     */
                    temperature?: number | null;
                    /**
                     * Format: double
                     * @description Nucleus sampling, 0 to 1; the server's own if absent.
                     */
                    top_p?: number | null;
                    /**
                     * @description Which protocol it speaks.
                     * @default openai
                     */
                    type?: components["schemas"]["LanguageModelType"];
                    /**
                     * @description Its base: `https://api.openai.com/v1`, `https://NAME.openai.azure.com?api-version=…`,
                     *     `https://api.minimax.io/v1`, `https://api.dify.ai/v1`.
                     */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LanguageModelView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_language_models_id_test: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrialBody2"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView2"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_numbers: {
        parameters: {
            query?: {
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfNumberView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_numbers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_numbers_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_numbers_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_numbers_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Off numbers are neither shown nor answered.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * Format: int64
                     * @description Voice agent that answers calls to it; none if absent.
                     */
                    inbound_agent?: number | null;
                    /**
                     * Format: int64
                     * @description Skill group whose people answer calls to it; only without a voice agent.
                     */
                    inbound_group?: number | null;
                    /**
                     * @description The instance that may use it.
                     * @example 1400000001
                     */
                    instance?: number;
                    /**
                     * @description The number. Cannot be changed.
                     * @example +12025550101
                     */
                    number?: string;
                    /**
                     * @description May be shown on outbound calls.
                     * @default true
                     */
                    outbound?: boolean;
                    /**
                     * Format: int64
                     * @description The trunk that it is on. Cannot be changed.
                     */
                    trunk?: number;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Off numbers are neither shown nor answered.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * Format: int64
                     * @description Voice agent that answers calls to it; none if absent.
                     */
                    inbound_agent?: number | null;
                    /**
                     * Format: int64
                     * @description Skill group whose people answer calls to it; only without a voice agent.
                     */
                    inbound_group?: number | null;
                    /**
                     * @description The instance that may use it.
                     * @example 1400000001
                     */
                    instance?: number;
                    /**
                     * @description The number. Cannot be changed.
                     * @example +12025550101
                     */
                    number?: string;
                    /**
                     * @description May be shown on outbound calls.
                     * @default true
                     */
                    outbound?: boolean;
                    /**
                     * Format: int64
                     * @description The trunk that it is on. Cannot be changed.
                     */
                    trunk?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_overview: {
        parameters: {
            query?: {
                /** @description Of this instance; of all that the caller may see if absent. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_phone: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnPhoneView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_phone_socket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/sip": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_queues: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_quotas: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_quotas: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuotaBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_remote_robots_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteRobotSettings"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_remote_robots_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoteRobotBody"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_remote_robots_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_robots: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfRobotView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_robots: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RobotBody"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolesView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_session_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPasswordBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_sign_ins: {
        parameters: {
            query?: {
                /** @description Of this person; one's own if absent. Those of others need `manage_staff`. */
                staff?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInsView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_sign_ins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_sign_ins_id: {
        parameters: {
            query?: {
                /** @description Of this person; one's own if absent. Those of others need `manage_staff`. */
                staff?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_skill_groups: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfSkillGroupView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_skill_groups: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillGroupBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillGroupView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_skill_groups_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillGroupView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_skill_groups_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_skill_groups_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Internal number of the group; may be empty.
                     * @default
                     */
                    alias?: string;
                    /**
                     * @description How many at once one member takes: 1, or of chats 1 to 100.
                     * @default 1
                     */
                    concurrency_max?: number;
                    /** @description What it takes; never changes. */
                    kind?: components["schemas"]["KindBody"];
                    /**
                     * @description Whether a customer is offered first to whom they spoke last.
                     * @default false
                     */
                    last_staff_first?: boolean;
                    /** @description Shown to people; unique in the instance. */
                    name?: string;
                    /**
                     * @description How callers wait for somebody of it.
                     * @default {
                     *       "full": "hang_up",
                     *       "late": "hang_up",
                     *       "nobody_there": "hang_up",
                     *       "service_time_second": 20,
                     *       "wait_max_second": 120,
                     *       "waiting_max": 100
                     *     }
                     */
                    queue?: components["schemas"]["QueueBody"];
                    /**
                     * @description Whether every free member is rung at once; such a group has at most 2 members.
                     * @default false
                     */
                    ring_all?: boolean;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Internal number of the group; may be empty.
                     * @default
                     */
                    alias?: string;
                    /**
                     * @description How many at once one member takes: 1, or of chats 1 to 100.
                     * @default 1
                     */
                    concurrency_max?: number;
                    /** @description What it takes; never changes. */
                    kind?: components["schemas"]["KindBody"];
                    /**
                     * @description Whether a customer is offered first to whom they spoke last.
                     * @default false
                     */
                    last_staff_first?: boolean;
                    /** @description Shown to people; unique in the instance. */
                    name?: string;
                    /**
                     * @description How callers wait for somebody of it.
                     * @default {
                     *       "full": "hang_up",
                     *       "late": "hang_up",
                     *       "nobody_there": "hang_up",
                     *       "service_time_second": 20,
                     *       "wait_max_second": 120,
                     *       "waiting_max": 100
                     *     }
                     */
                    queue?: components["schemas"]["QueueBody"];
                    /**
                     * @description Whether every free member is rung at once; such a group has at most 2 members.
                     * @default false
                     */
                    ring_all?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillGroupView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_sounds: {
        parameters: {
            query?: {
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Only with this name. */
                name?: string | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfSoundView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_sounds: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SoundBody"];
                "multipart/form-data": {
                    file: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoundView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_sounds_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoundView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_sounds_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_speech_services: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfSpeechServiceView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_speech_services: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpeechServiceBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpeechServiceView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_speech_services_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpeechServiceView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_speech_services_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_speech_services_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Longest wait for the first sound, or for the words after the end of speech, ms.
                     * @default 2000
                     */
                    answer_ms?: number;
                    /** @description The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid. */
                    app_id?: string | null;
                    /**
                     * @description Longest wait for a connection, ms.
                     * @default 2000
                     */
                    connect_ms?: number;
                    /** @description Further parameters of each request. */
                    extra?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description How a speaker packs its samples, where there is a choice.
                     * @default pcm
                     */
                    format?: components["schemas"]["SpeechServiceFormat"];
                    /**
                     * @description Its key or secret. Never shown; without it in a change the present one stays, null removes
                     *     it.
                     */
                    key?: string | null;
                    /** @description The language in the service's own words; made from the agent's tag if absent. */
                    language?: string | null;
                    /** @description The model. */
                    model?: string | null;
                    /** @description By which voice agents know it; unique in its instance. `local` is taken. */
                    name?: string;
                    /**
                     * @description Longest wait between two pieces of an answer, ms.
                     * @default 3000
                     */
                    piece_ms?: number;
                    /** @description What it does. */
                    role?: components["schemas"]["SpeechServiceRole"];
                    /** @description Samples a second, where there is a choice. */
                    sample_rate_hz?: number | null;
                    /** @description The public half of the key: Tencent's SecretId. */
                    secret_id?: string | null;
                    /** @description Which protocol it speaks. */
                    type?: components["schemas"]["SpeechServiceType"];
                    /** @description Its address; the vendor's own if absent, where there is one. */
                    url?: string | null;
                    /** @description A speaker's voice, where the agent names none. */
                    voice?: string | null;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Longest wait for the first sound, or for the words after the end of speech, ms.
                     * @default 2000
                     */
                    answer_ms?: number;
                    /** @description The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid. */
                    app_id?: string | null;
                    /**
                     * @description Longest wait for a connection, ms.
                     * @default 2000
                     */
                    connect_ms?: number;
                    /** @description Further parameters of each request. */
                    extra?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description How a speaker packs its samples, where there is a choice.
                     * @default pcm
                     */
                    format?: components["schemas"]["SpeechServiceFormat"];
                    /**
                     * @description Its key or secret. Never shown; without it in a change the present one stays, null removes
                     *     it.
                     */
                    key?: string | null;
                    /** @description The language in the service's own words; made from the agent's tag if absent. */
                    language?: string | null;
                    /** @description The model. */
                    model?: string | null;
                    /** @description By which voice agents know it; unique in its instance. `local` is taken. */
                    name?: string;
                    /**
                     * @description Longest wait between two pieces of an answer, ms.
                     * @default 3000
                     */
                    piece_ms?: number;
                    /** @description What it does. */
                    role?: components["schemas"]["SpeechServiceRole"];
                    /** @description Samples a second, where there is a choice. */
                    sample_rate_hz?: number | null;
                    /** @description The public half of the key: Tencent's SecretId. */
                    secret_id?: string | null;
                    /** @description Which protocol it speaks. */
                    type?: components["schemas"]["SpeechServiceType"];
                    /** @description Its address; the vendor's own if absent, where there is one. */
                    url?: string | null;
                    /** @description A speaker's voice, where the agent names none. */
                    voice?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpeechServiceView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_speech_services_id_test: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpeechTrialBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpeechTrialView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_staff: {
        parameters: {
            query?: {
                /** @description With this e-mail. */
                email?: string | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
                /** @description In this skill group. */
                skill_group?: number | null;
                /** @description With this status now. */
                status?: "free" | "busy" | "wrap_up" | "rest" | "not_ready" | "offline" | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfStaffView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_staff: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_staff_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_staff_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_staff_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Signs in with it; unique in the instance. */
                    email?: string;
                    /**
                     * @description Whether the roles hold for every instance; only an operator may set it.
                     * @default false
                     */
                    everywhere?: boolean;
                    /**
                     * @description Internal number, 4 to 6 digits from `1…` to `8…`; unique in the instance.
                     * @default null
                     */
                    extension?: string | null;
                    /**
                     * @description Where calls to the person go instead.
                     * @default null
                     */
                    forwarding?: components["schemas"]["ForwardingBody"] | null;
                    /**
                     * @description Of the screens: `en-US` or `zh-CN`.
                     * @default en-US
                     * @enum {string}
                     */
                    language?: "en-US" | "zh-CN";
                    /**
                     * @description When calls ring the mobile phone.
                     * @default off
                     */
                    mobile_accept?: components["schemas"]["MobileAcceptBody"];
                    /**
                     * @description Whether the person may call from the mobile phone.
                     * @default false
                     */
                    mobile_call_out?: boolean;
                    /** @description Shown to colleagues. */
                    name?: string;
                    /**
                     * @description Shown to customers; may be empty.
                     * @default
                     */
                    nick?: string;
                    /**
                     * @description Password to sign in with, 8 to 128 characters; only in requests. Setting it signs the
                     *     person out everywhere.
                     */
                    password?: string | null;
                    /**
                     * @description Mobile phone.
                     * @default null
                     * @example +12025550101
                     */
                    phone?: string | null;
                    /**
                     * @description What the person may do: any of `administrator`, `supervisor`, `designer`, `officer`,
                     *     `agent`.
                     * @default [
                     *       "agent"
                     *     ]
                     */
                    roles?: ("administrator" | "supervisor" | "designer" | "officer" | "agent")[];
                    /**
                     * @description Number of the person in the house; may be empty.
                     * @default
                     */
                    staff_number?: string;
                };
                "application/merge-patch+json": {
                    /** @description Signs in with it; unique in the instance. */
                    email?: string;
                    /**
                     * @description Whether the roles hold for every instance; only an operator may set it.
                     * @default false
                     */
                    everywhere?: boolean;
                    /**
                     * @description Internal number, 4 to 6 digits from `1…` to `8…`; unique in the instance.
                     * @default null
                     */
                    extension?: string | null;
                    /**
                     * @description Where calls to the person go instead.
                     * @default null
                     */
                    forwarding?: components["schemas"]["ForwardingBody"] | null;
                    /**
                     * @description Of the screens: `en-US` or `zh-CN`.
                     * @default en-US
                     * @enum {string}
                     */
                    language?: "en-US" | "zh-CN";
                    /**
                     * @description When calls ring the mobile phone.
                     * @default off
                     */
                    mobile_accept?: components["schemas"]["MobileAcceptBody"];
                    /**
                     * @description Whether the person may call from the mobile phone.
                     * @default false
                     */
                    mobile_call_out?: boolean;
                    /** @description Shown to colleagues. */
                    name?: string;
                    /**
                     * @description Shown to customers; may be empty.
                     * @default
                     */
                    nick?: string;
                    /**
                     * @description Password to sign in with, 8 to 128 characters; only in requests. Setting it signs the
                     *     person out everywhere.
                     */
                    password?: string | null;
                    /**
                     * @description Mobile phone.
                     * @default null
                     * @example +12025550101
                     */
                    phone?: string | null;
                    /**
                     * @description What the person may do: any of `administrator`, `supervisor`, `designer`, `officer`,
                     *     `agent`.
                     * @default [
                     *       "agent"
                     *     ]
                     */
                    roles?: ("administrator" | "supervisor" | "designer" | "officer" | "agent")[];
                    /**
                     * @description Number of the person in the house; may be empty.
                     * @default
                     */
                    staff_number?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_staff_id_force_offline: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_staff_id_restore: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_staff_id_skill_groups: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MembershipsBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_staff_id_status: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_staff_id_status: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusWish"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_staff_id_status_history: {
        parameters: {
            query?: {
                /** @description After this number; from the first if absent. */
                after?: number | null;
                /** @description At this time or later; the last day if absent. */
                from?: string | null;
                /** @description Whose; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Before this time; now if absent. */
                to?: string | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_tokens: {
        parameters: {
            query?: {
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfTokenView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_tokens_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_tokens_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_tool_secrets: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfSecretView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_tool_secrets_name: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretBody"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_tool_secrets_name: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_trunks: {
        parameters: {
            query?: {
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfTrunkView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_trunks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrunkBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_trunks_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_trunks_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_trunks_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Whether its peer may have others called, at your cost, and take over calls of its own (SIP REFER
                     *     and Replaces).
                     * @default false
                     */
                    accepts_transfers?: boolean;
                    /**
                     * @description Whether its peer is asked (SIP REFER) to call numbers outside itself that a call of its own is
                     *     handed over to.
                     * @default false
                     */
                    asks_transfers?: boolean;
                    /**
                     * @description Callees that the trunk takes: leading digits with country code; empty takes all.
                     * @default []
                     */
                    callee_prefixes?: string[];
                    /**
                     * @description How it is told who calls.
                     * @default from
                     */
                    caller_identity?: components["schemas"]["IdentityBody"];
                    /**
                     * @description New outbound calls a second.
                     * @default 10
                     */
                    calls_per_second_max?: number;
                    /**
                     * @description Calls at once, in both directions.
                     * @default 30
                     */
                    channels_max?: number;
                    /**
                     * @description Codecs in order of preference.
                     * @default [
                     *       "pcma",
                     *       "pcmu"
                     *     ]
                     */
                    codecs?: components["schemas"]["Codec"][];
                    /** @description SIP domain in From and To; the host if absent. */
                    domain?: string | null;
                    /**
                     * @description Whether what comes before the answer (SIP 183) is heard and recorded.
                     * @default true
                     */
                    early_media?: boolean;
                    /**
                     * @description Off trunks carry no call.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * @description Whether the sound of calls is encrypted.
                     * @default off
                     */
                    encryption?: components["schemas"]["Encryption"];
                    /**
                     * @description Longest wait for any answer to an INVITE, s; then the next trunk is tried.
                     * @default 5
                     */
                    first_answer_second?: number;
                    /** @description Host name or address of the peer. */
                    host?: string;
                    /**
                     * @description How it is sent key presses.
                     * @default auto
                     */
                    key_presses?: components["schemas"]["KeyPressesBody"];
                    /**
                     * @description Whether its INVITEs go without our offer (SDP), so that the callee's comes with its answer; nothing is
                     *     heard before that.
                     * @default false
                     */
                    late_offer?: boolean;
                    /**
                     * @description How long the other side of its calls may send neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
                     *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
                     *     not send, it is not missed.
                     * @default 30
                     */
                    media_timeout_second?: number | 0;
                    /** @description Unique name. */
                    name?: string;
                    /**
                     * @description Whether it is asked by OPTIONS every 30 s if it is alive; otherwise only after calls failed.
                     * @default true
                     */
                    options_ping?: boolean;
                    /** @description Digest password. Never shown; without it in a change the present one stays, null removes it. */
                    password?: string | null;
                    /**
                     * @description Its SIP port.
                     * @default 5060
                     */
                    port?: number;
                    /**
                     * @description Callee rewriting; the first match wins. Without a match `+` and all digits are dialled.
                     * @default []
                     */
                    prefix_rules?: components["schemas"]["PrefixRuleBody"][];
                    /**
                     * @description Whether calls that come in get 183 with our description before the answer: reliably where the caller
                     *     supports that (`100rel`). A caller that requires it gets that anyway.
                     * @default false
                     */
                    progress_first?: boolean;
                    /**
                     * @description INVITEs that may follow from its redirections (SIP 3xx); with 0 they are refusals.
                     * @default 0
                     */
                    redirects_max?: number;
                    /**
                     * @description Whether we register at it with user and password, so that it knows where to send calls.
                     * @default false
                     */
                    register?: boolean;
                    /**
                     * @description Its numbers are simulated: no real phone rings.
                     * @default false
                     */
                    simulated?: boolean;
                    /**
                     * @description Whether the host is a domain whose SRV records say which machines and ports; then the port is
                     *     not used.
                     * @default false
                     */
                    srv?: boolean;
                    /**
                     * @description Where SIP travels by TLS: authorities that the peer's certificate must come from, PEM. Without
                     *     them, those that the server's machine trusts.
                     */
                    tls_authorities?: string | null;
                    /** @description Certificate that the peer is shown, PEM, with those that lead to its authority. */
                    tls_certificate?: string | null;
                    /** @description Its key, PEM. Never shown; without it in a change the present one stays, null removes it. */
                    tls_key?: string | null;
                    /**
                     * @description How SIP travels.
                     * @default udp
                     */
                    transport?: components["schemas"]["Transport"];
                    /** @description Digest user, if the peer asks for one. */
                    user?: string | null;
                };
                "application/merge-patch+json": {
                    /**
                     * @description Whether its peer may have others called, at your cost, and take over calls of its own (SIP REFER
                     *     and Replaces).
                     * @default false
                     */
                    accepts_transfers?: boolean;
                    /**
                     * @description Whether its peer is asked (SIP REFER) to call numbers outside itself that a call of its own is
                     *     handed over to.
                     * @default false
                     */
                    asks_transfers?: boolean;
                    /**
                     * @description Callees that the trunk takes: leading digits with country code; empty takes all.
                     * @default []
                     */
                    callee_prefixes?: string[];
                    /**
                     * @description How it is told who calls.
                     * @default from
                     */
                    caller_identity?: components["schemas"]["IdentityBody"];
                    /**
                     * @description New outbound calls a second.
                     * @default 10
                     */
                    calls_per_second_max?: number;
                    /**
                     * @description Calls at once, in both directions.
                     * @default 30
                     */
                    channels_max?: number;
                    /**
                     * @description Codecs in order of preference.
                     * @default [
                     *       "pcma",
                     *       "pcmu"
                     *     ]
                     */
                    codecs?: components["schemas"]["Codec"][];
                    /** @description SIP domain in From and To; the host if absent. */
                    domain?: string | null;
                    /**
                     * @description Whether what comes before the answer (SIP 183) is heard and recorded.
                     * @default true
                     */
                    early_media?: boolean;
                    /**
                     * @description Off trunks carry no call.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * @description Whether the sound of calls is encrypted.
                     * @default off
                     */
                    encryption?: components["schemas"]["Encryption"];
                    /**
                     * @description Longest wait for any answer to an INVITE, s; then the next trunk is tried.
                     * @default 5
                     */
                    first_answer_second?: number;
                    /** @description Host name or address of the peer. */
                    host?: string;
                    /**
                     * @description How it is sent key presses.
                     * @default auto
                     */
                    key_presses?: components["schemas"]["KeyPressesBody"];
                    /**
                     * @description Whether its INVITEs go without our offer (SDP), so that the callee's comes with its answer; nothing is
                     *     heard before that.
                     * @default false
                     */
                    late_offer?: boolean;
                    /**
                     * @description How long the other side of its calls may send neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
                     *     then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
                     *     not send, it is not missed.
                     * @default 30
                     */
                    media_timeout_second?: number | 0;
                    /** @description Unique name. */
                    name?: string;
                    /**
                     * @description Whether it is asked by OPTIONS every 30 s if it is alive; otherwise only after calls failed.
                     * @default true
                     */
                    options_ping?: boolean;
                    /** @description Digest password. Never shown; without it in a change the present one stays, null removes it. */
                    password?: string | null;
                    /**
                     * @description Its SIP port.
                     * @default 5060
                     */
                    port?: number;
                    /**
                     * @description Callee rewriting; the first match wins. Without a match `+` and all digits are dialled.
                     * @default []
                     */
                    prefix_rules?: components["schemas"]["PrefixRuleBody"][];
                    /**
                     * @description Whether calls that come in get 183 with our description before the answer: reliably where the caller
                     *     supports that (`100rel`). A caller that requires it gets that anyway.
                     * @default false
                     */
                    progress_first?: boolean;
                    /**
                     * @description INVITEs that may follow from its redirections (SIP 3xx); with 0 they are refusals.
                     * @default 0
                     */
                    redirects_max?: number;
                    /**
                     * @description Whether we register at it with user and password, so that it knows where to send calls.
                     * @default false
                     */
                    register?: boolean;
                    /**
                     * @description Its numbers are simulated: no real phone rings.
                     * @default false
                     */
                    simulated?: boolean;
                    /**
                     * @description Whether the host is a domain whose SRV records say which machines and ports; then the port is
                     *     not used.
                     * @default false
                     */
                    srv?: boolean;
                    /**
                     * @description Where SIP travels by TLS: authorities that the peer's certificate must come from, PEM. Without
                     *     them, those that the server's machine trusts.
                     */
                    tls_authorities?: string | null;
                    /** @description Certificate that the peer is shown, PEM, with those that lead to its authority. */
                    tls_certificate?: string | null;
                    /** @description Its key, PEM. Never shown; without it in a change the present one stays, null removes it. */
                    tls_key?: string | null;
                    /**
                     * @description How SIP travels.
                     * @default udp
                     */
                    transport?: components["schemas"]["Transport"];
                    /** @description Digest user, if the peer asks for one. */
                    user?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_voice_agents: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfVoiceAgentSummary"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_voice_agents: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoiceAgentBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoiceAgentView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_voice_agents_try: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrialBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_voice_agents_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoiceAgentView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_voice_agents_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoiceAgentBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoiceAgentView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_voice_agents_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_voice_agents_id_versions: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfVersionView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_voice_agents_id_versions_version: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoiceAgentView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_voice_agents_id_versions_version_restore: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoiceAgentView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_webhook_endpoints: {
        parameters: {
            query?: {
                /** @description Whose things; needed only with an operator's token where there are several instances. */
                instance?: number | null;
                /** @description Most items to give; 50 if absent. */
                limit?: number | null;
                /** @description Items to leave out at the front; 0 if absent. */
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfWebhookEndpointView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_webhook_endpoints: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookEndpointBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_webhook_endpoints_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointView"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_webhook_endpoints_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_webhook_endpoints_id: {
        parameters: {
            query?: {
                /** @description Whose thing; needed only with an operator's token where there are several instances. */
                instance?: number | null;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How we prove who we are; replaced as a whole.
                     * @default {
                     *       "type": "none"
                     *     }
                     */
                    auth?: components["schemas"]["AuthBody"];
                    /**
                     * @description Off endpoints get nothing.
                     * @default true
                     */
                    enabled?: boolean;
                    /** @description Key of the optional signature header. Never shown. */
                    signing_secret?: string | null;
                    /**
                     * @description What it is told of.
                     * @default [
                     *       "cdr",
                     *       "record"
                     *     ]
                     */
                    topics?: components["schemas"]["Topic"][];
                    /** @description Where it is: `http` or `https`. */
                    url?: string;
                };
                "application/merge-patch+json": {
                    /**
                     * @description How we prove who we are; replaced as a whole.
                     * @default {
                     *       "type": "none"
                     *     }
                     */
                    auth?: components["schemas"]["AuthBody"];
                    /**
                     * @description Off endpoints get nothing.
                     * @default true
                     */
                    enabled?: boolean;
                    /** @description Key of the optional signature header. Never shown. */
                    signing_secret?: string | null;
                    /**
                     * @description What it is told of.
                     * @default [
                     *       "cdr",
                     *       "record"
                     *     ]
                     */
                    topics?: components["schemas"]["Topic"][];
                    /** @description Where it is: `http` or `https`. */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointView"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4": unknown;
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_recordings_file: {
        parameters: {
            query: {
                /** @description Until when the address is good, in seconds since 1970. */
                expires: number;
                /** @description The server's signature of id and time. */
                signature: string;
            };
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/mpeg": unknown;
                };
            };
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": unknown;
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    post_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupView"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_sign_in_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_transcripts_file: {
        parameters: {
            query: {
                /** @description Until when the address is good, in seconds since 1970. */
                expires: number;
                /** @description The server's signature of id and time. */
                signature: string;
            };
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptView2"];
                };
            };
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
