// Made by `npm run client` from openapi.json. Change the server, not this file.

export interface paths {
    "/api/v1/call-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an instance's call rules */
        get: operations["get_call_rules"];
        /** Replace an instance's call rules */
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
        /** List calls, newest first */
        get: operations["get_calls"];
        put?: never;
        /** Place a call and put a voice agent on it */
        post: operations["post_calls"];
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
        /** Show a call with everything known of it */
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
        /** List the events of a call, in order */
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
        /** End a call */
        post: operations["post_calls_id_hangup"];
        delete?: never;
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
        /** Give the outlines of a call's two voices, also while it runs */
        get: operations["get_calls_id_outline"];
        put?: never;
        post?: never;
        delete?: never;
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
        /** Draw a call as a picture */
        get: operations["get_calls_id_picture_svg"];
        put?: never;
        post?: never;
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
        /** Play a sound into a call */
        post: operations["post_calls_id_sounds"];
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
        /** List credentials */
        get: operations["get_credentials"];
        put?: never;
        /** Create a credential; its secret is shown once */
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
        /** Show a credential, without its secret */
        get: operations["get_credentials_id"];
        put?: never;
        post?: never;
        /** Remove a credential */
        delete: operations["delete_credentials_id"];
        options?: never;
        head?: never;
        /** Change what a credential may do */
        patch: operations["patch_credentials_id"];
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries, newest first */
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
        /** Show a delivery with every attempt */
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
        /** Send a settled delivery again */
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
        /** List conversations of robots, newest first */
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
        /** Show a conversation of a robot with every turn */
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
        /** List numbers that are never dialled */
        get: operations["get_do_not_call"];
        put?: never;
        /** Put numbers on the do-not-call list */
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
        /** Take a number off the do-not-call list */
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
        /** Stream events of all calls, with resume */
        get: operations["get_events"];
        put?: never;
        post?: never;
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
         * @description Needs an operator's token.
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
        /** List instances */
        get: operations["get_instances"];
        put?: never;
        /**
         * Create an instance
         * @description Needs an operator's token.
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
        /** Show an instance */
        get: operations["get_instances_id"];
        put?: never;
        post?: never;
        /**
         * Remove an instance that owns nothing
         * @description Needs an operator's token.
         */
        delete: operations["delete_instances_id"];
        options?: never;
        head?: never;
        /**
         * Change an instance
         * @description Needs an operator's token.
         */
        patch: operations["patch_instances_id"];
        trace?: never;
    };
    "/api/v1/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List numbers */
        get: operations["get_numbers"];
        put?: never;
        /**
         * Add a number to a trunk
         * @description Needs an operator's token.
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
        /** Show a number */
        get: operations["get_numbers_number"];
        put?: never;
        post?: never;
        /**
         * Remove a number from its trunk
         * @description Needs an operator's token.
         */
        delete: operations["delete_numbers_number"];
        options?: never;
        head?: never;
        /**
         * Change what a number does
         * @description Needs an operator's token.
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
    "/api/v1/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an instance's quota and usage */
        get: operations["get_quotas"];
        /**
         * Grant a quota; usage starts again at zero
         * @description Needs an operator's token.
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
        /** Show where a voice agent has its words from */
        get: operations["get_remote_robots_id"];
        /** Give a voice agent its words from a robot elsewhere */
        put: operations["put_remote_robots_id"];
        post?: never;
        /** Give a voice agent its own words again */
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
        /** List names of voice agents as robots */
        get: operations["get_robots"];
        /** Name a voice agent as a robot */
        put: operations["put_robots"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sounds */
        get: operations["get_sounds"];
        put?: never;
        /** Upload a sound, or have it fetched */
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
        /** Show a sound */
        get: operations["get_sounds_id"];
        put?: never;
        post?: never;
        /** Remove a sound */
        delete: operations["delete_sounds_id"];
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
        /** List tokens */
        get: operations["get_tokens"];
        put?: never;
        /** Create a token, which is shown once */
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
        /** Show what is known of a token */
        get: operations["get_tokens_id"];
        put?: never;
        post?: never;
        /** Remove a token; not the last operator's */
        delete: operations["delete_tokens_id"];
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
         * @description Needs an operator's token.
         */
        get: operations["get_trunks"];
        put?: never;
        /**
         * Create a trunk
         * @description Needs an operator's token.
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
         * @description Needs an operator's token.
         */
        get: operations["get_trunks_id"];
        put?: never;
        post?: never;
        /**
         * Remove a trunk and its numbers
         * @description Needs an operator's token.
         */
        delete: operations["delete_trunks_id"];
        options?: never;
        head?: never;
        /**
         * Change a trunk
         * @description Needs an operator's token.
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
        /** List voice agents */
        get: operations["get_voice_agents"];
        put?: never;
        /** Create a voice agent */
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
        /** Try a voice agent by text; nothing is saved */
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
        /** Show a voice agent */
        get: operations["get_voice_agents_id"];
        /** Replace a voice agent, if nobody else has meanwhile */
        put: operations["put_voice_agents_id"];
        post?: never;
        /** Remove a voice agent that answers no number */
        delete: operations["delete_voice_agents_id"];
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
        /** List webhook endpoints */
        get: operations["get_webhook_endpoints"];
        put?: never;
        /** Create a webhook endpoint */
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
        /** Show a webhook endpoint, without its secrets */
        get: operations["get_webhook_endpoints_id"];
        put?: never;
        post?: never;
        /** Remove a webhook endpoint; what was due to it is given up */
        delete: operations["delete_webhook_endpoints_id"];
        options?: never;
        head?: never;
        /** Change a webhook endpoint */
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What became of numbers for the list. */
        AddedView: {
            /**
             * Format: uint64
             * @description How many were not on the list before.
             */
            added: number;
        };
        /** @description A definition in one of its two forms. */
        AgentDocument: components["schemas"]["SimpleDocument"] | components["schemas"]["FullDocument"];
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
            /** @description What media was like. */
            quality?: components["schemas"]["QualityView"] | null;
            /**
             * Format: date-time
             * @description When the callee's phone first rang.
             */
            rang_at?: string | null;
            /** @description Its tracks, once rendered: the person's first. */
            recordings: components["schemas"]["RecordingView"][];
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
            /** @description What was said, in order. */
            transcript: components["schemas"]["UtteranceView"][];
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
        /** @description A codec that a trunk may be offered. */
        Codec: "pcma" | "pcmu";
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
            /** @description Name of the step after the greeting. */
            start: string;
            /** @description The steps by name, 1 to 1,000. */
            steps: {
                [key: string]: components["schemas"]["StepText"];
            };
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
        /** @description A stretch of a day in which calls are allowed, in the instance's time zone. */
        HoursBody: {
            /** @description Days that it holds for. */
            days: components["schemas"]["Day"][];
            /** @description First second: `09:00` or `09:00:00`. */
            from: string;
            /** @description First second after it, later than `from`; `24:00` is the end of the day. */
            to: string;
        };
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
        /** @description Interfaces of robots. */
        Interface: "dialogue" | "callbacks";
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
             * @description Deciding what to say.
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
        /** @description Why a request was not carried out (RFC 9457). Nothing was changed. */
        Problem: {
            /** @description What is wrong this time. */
            detail: string;
            /** @description Which field is wrong, such as `prefix_rules[0].strip`. */
            field?: string | null;
            /** @description Id of the request, as in the header `X-Request-Id`. */
            request_id: string;
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
            /** @description `user` or `agent`. */
            track: string;
            /** @description Where it can be fetched for 24 hours: signed. */
            url: string;
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
        /** @description What the set-up page sends. */
        SetupBody: {
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
            /** @description Answers that are understood, at most 100. */
            replies?: components["schemas"]["ReplyText"][];
            /** @description Whose turn it is to speak. */
            turns?: components["schemas"]["Turns"];
            /** @description The speaker's voice; its default for the language if absent. */
            voice?: string | null;
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
        } | (components["schemas"]["LatencyView"] & {
            /** @constant */
            type: "reply_timed";
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
        /** @description One point of the dialogue. With `then` the agent goes on at once; otherwise it listens. */
        StepText: {
            /** @description Answers that are understood, at most 100. */
            answers?: components["schemas"]["ReplyText"][];
            /** @description Whether the caller may cut it; as the document says if absent. */
            interruptible?: boolean | null;
            /** @description Where any other answer leads; `no_match` if absent. */
            otherwise?: components["schemas"]["NextText"] | null;
            /** @description Said on arrival. */
            say?: components["schemas"]["LineText"] | null;
            /** @description Where the agent goes on without listening. */
            then?: components["schemas"]["NextText"] | null;
        };
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
        /** @description What an endpoint is told of; named as the clouds' pushes are. */
        Topic: "cdr" | "record";
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
        /** @description How SIP travels. */
        Transport: "udp" | "tcp";
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
        /** @description One thing that the person does. */
        TrialStepBody: {
            /** @description What. */
            act: components["schemas"]["TrialActBody"];
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
        /** @description What an operator writes down of a trunk. */
        TrunkBody: {
            /**
             * @description Callees that the trunk takes: leading digits with country code; empty takes all.
             * @default []
             */
            callee_prefixes: string[];
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
             * @description Off trunks carry no call.
             * @default true
             */
            enabled: boolean;
            /** @description Host name or address of the peer. */
            host: string;
            /** @description Unique name. */
            name: string;
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
             * @description Its numbers are simulated: no real phone rings.
             * @default false
             */
            simulated: boolean;
            /**
             * @description How SIP travels.
             * @default udp
             */
            transport: components["schemas"]["Transport"];
            /** @description Digest user, if the peer asks for one. */
            user?: string | null;
        };
        /** @description A configured route to a carrier or PBX. */
        TrunkView: {
            /**
             * @description Callees that the trunk takes: leading digits with country code; empty takes all.
             * @default []
             */
            callee_prefixes: string[];
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
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description SIP domain in From and To; the host if absent. */
            domain?: string | null;
            /**
             * @description Off trunks carry no call.
             * @default true
             */
            enabled: boolean;
            /** @description Whether a password is stored. */
            has_password: boolean;
            /** @description Host name or address of the peer. */
            host: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Unique name. */
            name: string;
            /** @description Its numbers, in the order in which they were added. */
            numbers: components["schemas"]["NumberView"][];
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
             * @description Its numbers are simulated: no real phone rings.
             * @default false
             */
            simulated: boolean;
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
            /**
             * Format: uint32
             * @description Speech over the agent's voice that cuts it, 100 to 5,000 ms.
             */
            barge_in_ms?: number | null;
            /**
             * Format: uint32
             * @description Silence after which the caller's turn is over, 240 to 2,000 ms.
             */
            endpointing_ms?: number | null;
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
        };
        /** @description Something that was said in a call. */
        UtteranceView: {
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
            /** @description `agent` or `caller`. */
            who: string;
        };
        /** @description A value for the agent's texts. */
        VariableView: {
            /** @description Its name. */
            key: string;
            /** @description Its value. */
            value: string;
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
        /** @description Token is missing or unknown */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Token may not do this */
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
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
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
            404: components["responses"]["Problem404"];
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
                    "application/json": components["schemas"]["TranscriptView"];
                };
            };
            401: components["responses"]["Problem401"];
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
            404: components["responses"]["Problem404"];
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
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
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
                     * @description Callees that the trunk takes: leading digits with country code; empty takes all.
                     * @default []
                     */
                    callee_prefixes?: string[];
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
                     * @description Off trunks carry no call.
                     * @default true
                     */
                    enabled?: boolean;
                    /** @description Host name or address of the peer. */
                    host?: string;
                    /** @description Unique name. */
                    name?: string;
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
                     * @description Its numbers are simulated: no real phone rings.
                     * @default false
                     */
                    simulated?: boolean;
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
                     * @description Callees that the trunk takes: leading digits with country code; empty takes all.
                     * @default []
                     */
                    callee_prefixes?: string[];
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
                     * @description Off trunks carry no call.
                     * @default true
                     */
                    enabled?: boolean;
                    /** @description Host name or address of the peer. */
                    host?: string;
                    /** @description Unique name. */
                    name?: string;
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
                     * @description Its numbers are simulated: no real phone rings.
                     * @default false
                     */
                    simulated?: boolean;
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
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
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
}
