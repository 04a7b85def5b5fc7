// Made from openapi.json by `npm run api`.
export interface paths {
    "/api/v1/api-keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revokes a key and stops its requests. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description Y-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyReason"];
                };
            };
            responses: {
                /** @description revoked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description no such key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests that wait for a second person, those of one's own that somebody agreed to and that are
         *     still to be used, then the newest that one officer carried alone.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description requests */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_ApprovalBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/small-team": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this installation is a small team. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description whether it is */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SmallTeam"];
                    };
                };
            };
        };
        put?: never;
        /** Declares the installation a small team, or takes that back. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DeclareSmallTeam"];
                };
            };
            responses: {
                /** @description declared */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description no reason */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{id}/agree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agrees to what another person asked for. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description A-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description agreed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description not to be agreed to */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{id}/break-glass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One officer of a small team carries alone what they asked for: an hour after they asked, three
         *     times within thirty days.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description A-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BreakGlass"];
                };
            };
            responses: {
                /** @description agreed, by break-glass */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description not to be carried by one person */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The access log, oldest first, or what is wanted of it, newest first. A search looks through
         *     200,000 rows at a time: while there is a `next`, there may be more, even after an empty page.
         */
        get: {
            parameters: {
                query?: {
                    /** @description oldest, or newest, in which one may search */
                    order?: string;
                    /** @description the row after which to go on, in that order */
                    after?: number;
                    /** @description how many, up to 1,000 */
                    limit?: number;
                    /** @description who, exactly */
                    actor?: string;
                    /** @description what: subject.reveal, or with a dot at the end all of a noun: subject. */
                    action?: string;
                    /** @description on what, by one of its words: P-1 finds P-1 C-4 */
                    object?: string;
                    /** @description not earlier than, RFC 3339 */
                    from?: string;
                    /** @description earlier than, RFC 3339 */
                    until?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description rows */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_AuditBody"];
                    };
                };
                /** @description not a search */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks the whole log against its checkpoints. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description what was found */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Verification"];
                    };
                };
            };
        };
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
        /** Deliveries; a processor sees its own published ones, an inspector those of one processor. */
        get: {
            parameters: {
                query?: {
                    /** @description the number after which to go on */
                    after?: number;
                    /** @description how many, up to 1,000 */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description deliveries */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DeliveryBody"];
                    };
                };
            };
        };
        put?: never;
        /** Lets a processor fetch the file of a disclosure. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Publication"];
                };
            };
            responses: {
                /** @description published */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveryBody"];
                    };
                };
                /** @description no file is kept */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file of a delivery: CSV. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description V-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description no such delivery */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description its term has ended */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disclosures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All disclosures; an inspector sees those of the processor to inspect. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description disclosures */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DisclosureBody"];
                    };
                };
            };
        };
        put?: never;
        /** Makes a disclosure of pseudonyms and keeps its file sealed until it is published. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDisclosure"];
                };
            };
            responses: {
                /** @description made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DisclosureMade"];
                    };
                };
                /** @description the processor is cut off */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disclosures/past": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Records a file that was once given to a processor, so that copies of it are traced to there. The
         *     file itself is not kept. Larger ones go by the command line.
         */
        post: {
            parameters: {
                query: {
                    /** @description to whom: P-1 */
                    processor: string;
                    /** @description when, RFC 3339 */
                    given_at: string;
                    /** @description until when, RFC 3339 */
                    return_by?: string;
                };
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                    /** @description for what it was given, in ASCII; in other letters as UTF-8'' and their bytes as %EA */
                    "Doldam-Purpose": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": number[];
                };
            };
            responses: {
                /** @description recorded */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PastRecorded"];
                    };
                };
                /** @description no table of people, or nobody of ours */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description this file is recorded */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disclosures/past/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Looks at a file that was once given to a processor: whose data is in it, in counts. Nothing is
         *     recorded but that somebody looked.
         */
        post: {
            parameters: {
                query: {
                    /** @description to whom: P-1 */
                    processor: string;
                    /** @description when, RFC 3339 */
                    given_at: string;
                    /** @description until when, RFC 3339 */
                    return_by?: string;
                };
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                    /** @description for what it was given, in ASCII; in other letters as UTF-8'' and their bytes as %EA */
                    "Doldam-Purpose": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": number[];
                };
            };
            responses: {
                /** @description what stands in it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PastPreview"];
                    };
                };
                /** @description no table of people */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disclosures/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks a second person to agree that real values of exactly these people are given. Nothing is
         *     made yet.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDisclosure"];
                };
            };
            responses: {
                /** @description asked */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RawRequest"];
                    };
                };
                /** @description nobody is meant */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disclosures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One disclosure. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description D-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the disclosure */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DisclosureShown"];
                    };
                };
                /** @description no such disclosure */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All pseudonym domains; an inspector sees those of one processor. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description domains */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DomainBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/domains/{id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens the next epoch of a domain: pseudonyms given from now on are others. Old ones stay
         *     traceable, and the processor may exchange them.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description M-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RenewReason"];
                };
            };
            responses: {
                /** @description the new epoch */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DomainBody"];
                    };
                };
                /** @description no such domain */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it is closed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Outcomes of drills, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description the number after which to go on, downwards */
                    after?: number;
                    /** @description how many, up to 1,000 */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description outcomes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DrillBody"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Rehearses a leak from the found file to the last person told, on people who do not exist and
         *     through a gateway of the drill's own; answers when it is over. One at a time.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDrill"];
                };
            };
            responses: {
                /** @description the outcome */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DrillBody"];
                    };
                };
                /** @description too few or too many people */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description a drill runs already */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The outcome of a drill. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description its number */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the outcome */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DrillBody"];
                    };
                };
                /** @description no such drill */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
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
         * Says that something changed, as it happens: `{ noun, what, ids }`, where `what` is the act of the
         *     access log and `ids` whatever it was about; for a sending `notice.progress` with its counts, for a
         *     drill `step.begun` and `step.done`. `stream.look-again` means that something was missed. Ends with
         *     the session.
         */
        get: {
            parameters: {
                query?: {
                    /** @description nouns and ids, with commas: incident,L-1; everything that one may read when absent */
                    about?: string;
                };
                header?: {
                    /** @description the last event that was seen */
                    "Last-Event-ID"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description events */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description too many of one's own are open */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too many are open */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fraud detection stands: what it decides with, what it decided, how long its log is. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description how it stands */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudOverview"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queue: what is due first stands first, and of that the higher score. */
        get: {
            parameters: {
                query?: {
                    /** @description closed ones instead of open ones */
                    closed?: boolean;
                    /** @description only with this action */
                    action?: string;
                    /** @description only of this person */
                    assignee?: string;
                    /** @description `next` of the page before */
                    after?: number;
                    /** @description up to 1,000; 100 if left out */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description alerts */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_FraudAlert"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/alerts/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queue as CSV, keys masked. At most 10,000 alerts; the next file goes on `after` the last. */
        get: {
            parameters: {
                query?: {
                    /** @description closed ones instead of open ones */
                    closed?: boolean;
                    /** @description only with this action */
                    action?: string;
                    /** @description only of this person */
                    assignee?: string;
                    /** @description the last alert of the file before */
                    after?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a row an alert */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/alerts/{sequence}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An alert, the temporary measure on its event, and other alerts that share a key with it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the alert */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AlertInFull"];
                    };
                };
                /** @description no such alert, or fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/alerts/{sequence}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an open alert to a member of staff, or to nobody. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AlertAssignment"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AlertInFull"];
                    };
                };
                /** @description no such member of staff */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such alert */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it is closed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/alerts/{sequence}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Closes an alert that belongs to no case. Unless it is unclear, the log is told what was found,
         *     and features that look at labels know it from the next event on.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AlertClosing"];
                };
            };
            responses: {
                /** @description it is closed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AlertInFull"];
                    };
                };
                /** @description no such alert */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it is closed, or belongs to a case */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description open, closing or closed */
                    state?: string;
                    /** @description `next` of the page before */
                    after?: number;
                    /** @description up to 1,000; 100 if left out */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description cases */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_FraudCase"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Opens a case over alerts. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCase"];
                };
            };
            responses: {
                /** @description it is open */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseInFull"];
                    };
                };
                /** @description no alert, or too many */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description an alert is closed or belongs to a case */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case with its alerts and notes. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description its number */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the case */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseInFull"];
                    };
                };
                /** @description no such case, or fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/cases/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Closes a case: the first person says how it ends, a second one agrees by naming the same outcome.
         *     Its alerts are closed with it, and unless it is unclear the log is told what was found.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description its number */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CaseClosing"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseInFull"];
                    };
                };
                /** @description no such case */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description closed, the same person, or another outcome */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/cases/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a note to a case, also to a closed one. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description its number */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCaseNote"];
                };
            };
            responses: {
                /** @description the case */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseInFull"];
                    };
                };
                /** @description no such case */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/cases/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a case go on of which one person has said how it ends. A closed one stays closed. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description its number */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CaseReopening"];
                };
            };
            responses: {
                /** @description it goes on */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseInFull"];
                    };
                };
                /** @description no such case */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description nobody has said how it ends, or it is closed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Decisions, newest first. Where fewer come than were asked for and `next` is there, the rest of
         *     the log was not looked at yet.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before */
                    after?: number;
                    /** @description only with this action */
                    action?: string;
                    /** @description up to 200; 50 if left out */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description decisions */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DecisionRow"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/decisions/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The receipt of a decision. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description the event's id */
                    event: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the receipt */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DecisionReceipt"];
                    };
                };
                /** @description no such event, or fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The features in force, and the fields of events. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the features */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudFeatures"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The declared lists. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the lists */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_FraudList"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/lists/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who stands on a list, in the order of the keys. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before */
                    after?: number;
                    /** @description up to 1,000; 100 if left out */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description the list */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description members */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_ListMember"];
                    };
                };
                /** @description no such list, or fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Changes a list. It holds from the next event on. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description the list */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListChange"];
                };
            };
            responses: {
                /** @description changed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListChanged"];
                    };
                };
                /** @description nothing to change, or no key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such list, or fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Temporary measures in the order of the log. */
        get: {
            parameters: {
                query?: {
                    /** @description only where it stands like this */
                    state?: string;
                    /** @description step_up, delay, hold or block */
                    kind?: string;
                    /** @description `next` of the page before */
                    after?: number;
                    /** @description up to 1,000; 100 if left out */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description measures */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_FraudMeasure"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The record of temporary measures as CSV: a row a step, accounts masked. At most 10,000 measures;
         *     the next file goes on `after` the last of them.
         */
        get: {
            parameters: {
                query?: {
                    /** @description only where it stands like this */
                    state?: string;
                    /** @description step_up, delay, hold or block */
                    kind?: string;
                    /** @description the last measure of the file before */
                    after?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a row a step */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures/{sequence}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A temporary measure with its steps. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the measure */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudMeasure"];
                    };
                };
                /** @description no such measure, or fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures/{sequence}/identity-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts on record that it was checked who the customer is. A check that failed takes back a release
         *     that was asked for.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["IdentityCheck"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudMeasure"];
                    };
                };
                /** @description no such measure */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the customer was not told */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures/{sequence}/notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts on record that the customer was told of a temporary measure. Nothing else can be done with
         *     it before.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MeasureNotice"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudMeasure"];
                    };
                };
                /** @description no such measure */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description they were told already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures/{sequence}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a temporary measure: the transaction does not go through. The customer must have been told
         *     before.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MeasureReason"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudMeasure"];
                    };
                };
                /** @description no such measure */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the customer was not told */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/measures/{sequence}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lifts a temporary measure: the first person asks, a second one agrees by the same call. The
         *     customer must have been told and checked before.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description place of the event in the log */
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MeasureReason"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudMeasure"];
                    };
                };
                /** @description no such measure */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not told, not checked, or the same person */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model in force with its card. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the model */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelInForce"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replays the whole log and compares every decision with the one that stands in it, byte by byte. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description what it showed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProofBody"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description another one runs */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules in force. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the rules */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FraudRules"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/rules:back-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs a draft over what really happened: the same features, the lists as they stood then. Changes
         *     nothing; one at a time.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BackTest"];
                };
            };
            responses: {
                /** @description how it would have done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BackTestResult"];
                    };
                };
                /** @description it does not compile */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description another one runs */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/rules:check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compiles a draft against the features in force, and changes nothing. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RuleDraft"];
                };
            };
            responses: {
                /** @description what it would be */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RuleCheck"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/setups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts rules, features, a model or a shadow in force, with a second person's consent to exactly
         *     that. Every decision from here on is made with it; a replay knows from where.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewSetup"];
                };
            };
            responses: {
                /** @description in force */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SetupInForce"];
                    };
                };
                /** @description it does not compile */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description nobody agreed to this */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fraud/setups/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks a second person to agree that these rules, features or this model decide from then on.
         *     Nothing changes yet.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewSetup"];
                };
            };
            responses: {
                /** @description asked */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SetupRequest"];
                    };
                };
                /** @description it does not compile, or changes nothing */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** By what texts can go out, and how it was when that was tried last. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description gateways */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_GatewayBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the server, its disk, its clock, its gateways and its backups are, for whoever begins a day. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description how the house is */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, oldest first; an inspector sees those of the processor to inspect. */
        get: {
            parameters: {
                query?: {
                    /** @description the number after which to go on */
                    after?: number;
                    /** @description how many, up to 1,000 */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description incidents */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_IncidentBody"];
                    };
                };
            };
        };
        put?: never;
        /** Opens an incident. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewIncident"];
                };
            };
            responses: {
                /** @description opened */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IncidentBody"];
                    };
                };
                /** @description refused */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One incident. An inspector sees what was cut of the processor to inspect, and no facts about the
         *     company.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the incident */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IncidentShown"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes an incident. Refused while a duty is open or not decided, or a notice is on its way. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Closing"];
                };
            };
            responses: {
                /** @description closed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IncidentBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description something is still open */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/containment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cuts a processor off for an incident: requests that run, keys, domains. The domains come under a
         *     legal hold, so that what was issued can still be traced. Answers when all of it is proved.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewOrder"];
                };
            };
            responses: {
                /** @description all orders and their proofs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_OrderBody"];
                    };
                };
                /** @description no such incident or processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the incident is closed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/duties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every duty of the rule table over what is known now, in the order of the table. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description duties */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DutyBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/duties/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts the clock of every duty that is due or not decided and whose start is known; starting
         *     again starts only what is new.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description how many */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Started"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the incident is closed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/duties/{duty}/go-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a reason to wait: the clock runs on. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description kr-pipa-report-2026 */
                    duty: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DelayOver"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DutyBody"];
                    };
                };
                /** @description no such incident or duty */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the clock refused */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/duties/{duty}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops the clock of a duty on evidence of a kind that its row takes. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description kr-pipa-report-2026 */
                    duty: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Shown"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DutyBody"];
                    };
                };
                /** @description no such incident or duty */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the clock refused */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/duties/{duty}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the clock of a duty wait for a reason that its row of the law allows. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description kr-pipa-report-2026 */
                    duty: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Delay"];
                };
            };
            responses: {
                /** @description how it stands now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DutyBody"];
                    };
                };
                /** @description no such incident or duty */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the clock refused */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts facts on record: all of them or none. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewFacts"];
                };
            };
            responses: {
                /** @description what is known now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Known"];
                    };
                };
                /** @description no such fact or value */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the incident is closed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notices of an incident, oldest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description notices */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_NoticeBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Writes a notice. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewNotice"];
                };
            };
            responses: {
                /** @description written */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NoticeBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not to be written yet */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agrees to the words of a notice. Two must, and neither of them wrote it. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Consent"];
                };
            };
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NoticeBody"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not to be agreed to */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/break-glass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One officer of a small team gives the second consent to a notice alone: after one other person
         *     agreed, an hour after it was written, three times within thirty days.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConsentAlone"];
                };
            };
            responses: {
                /** @description agreed, by break-glass */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not to be carried by one person */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a notice up before it is sent. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NoticeBody"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it is on its way */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a sending: somebody decides to wait for no more receipts. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CountsBody"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description somebody would be forgotten */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/in-doubt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notices of which nobody knows whether they were sent, at most a thousand. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_DoubtBody"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it is not being sent */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows a notice as it will be sent. Nobody may agree before somebody has looked. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PreviewBody"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the sending of a notice stands. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Progress"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it has no sending yet */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides about a notice in doubt: sent again, or given up. Both are a risk that a person takes. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Resolution"];
                };
            };
            responses: {
                /** @description as it is now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CountsBody"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it is not in doubt */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notices/{notice}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts to send a notice that two people agreed to. Answers at once; the texts go out in the
         *     background, and the progress says how it goes.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number in the incident */
                    notice: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ByGateway"];
                };
            };
            responses: {
                /** @description on its way */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OnItsWay"];
                    };
                };
                /** @description no such incident or notice */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not to be sent */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is hit by an incident: grades, lists and how far they were told, but nobody's values. The
         *     access log has a row about all of the page first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description How many, 1 to 1,000; 100 when absent. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a page of people */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PeoplePage"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/postings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The postings of an incident with the record of each, oldest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description postings */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_PostingBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Puts a notice up on the web site. It is the evidence for everybody whom the notice did not reach:
         *     their clocks stop at once, or when its sending is finished.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPosting"];
                };
            };
            responses: {
                /** @description it stands */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PostingBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not agreed to, or other words */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/postings/{posting}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a notice down: not before its days are over, unless a later one of the same duty stands. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                    /** @description its number */
                    posting: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PostingEnd"];
                };
            };
            responses: {
                /** @description it is down */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PostingBody"];
                    };
                };
                /** @description no such incident or posting */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description its days are not over */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drafts a report to a regulator from the record; what is not known says unknown. A person
         *     completes and files it.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewReport"];
                };
            };
            responses: {
                /** @description the draft */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReportDraft"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such report */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in an incident, oldest first. */
        get: {
            parameters: {
                query?: {
                    /** @description the line after which to go on */
                    after?: number;
                    /** @description how many, up to 1,000 */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description lines */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_LineBody"];
                    };
                };
                /** @description no such incident */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds the people of a signed list; the signature is checked, canaries are left out. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description L-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewTrace"];
                };
            };
            responses: {
                /** @description how many */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Attached"];
                    };
                };
                /** @description no such incident or trace */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description refused */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Has a text sent to whoever a pseudonym stands for. The answer is the same whether it stands for
         *     anybody or not.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewMessage"];
                };
            };
            responses: {
                /** @description it waits */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageBody"];
                    };
                };
                /** @description no such text, or unfit values */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too many in a day */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a message of the processor's own stands; why it failed is not said. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description X-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description how it stands */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageBody"];
                    };
                };
                /** @description no such message */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the OpenAPI document */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own passkeys, revoked ones included. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description one's own */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_PasskeyBody"];
                    };
                };
            };
        };
        put?: never;
        /** Keeps a new passkey of one's own. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPasskey"];
                };
            };
            responses: {
                /** @description kept */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PasskeyKept"];
                    };
                };
                /** @description refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/passkeys/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for a new passkey of one's own, within 15 minutes of signing in. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the challenge */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PasskeyChallenge"];
                    };
                };
                /** @description sign in again first */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/passkeys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revokes a passkey of one's own; a privacy officer, anybody's. All other sessions of its owner
         *     end.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description F-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description revoked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description no such passkey that works */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All processors; an inspector sees the one to inspect. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description processors */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_ProcessorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Registers a processor. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewProcessor"];
                };
            };
            responses: {
                /** @description registered */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProcessorBody"];
                    };
                };
                /** @description refused */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One processor. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the processor */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProcessorShown"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors/{id}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of a processor. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description keys */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_KeyBody"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Makes a key for a processor's programs. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            responses: {
                /** @description the key */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyIssued"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors/{id}/cut": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cuts a processor off: running requests, keys, domains. The answer is the signed proof. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CutReason"];
                };
            };
            responses: {
                /** @description the proof */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CutProofBody"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors/{id}/message-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The texts that were registered for a processor, oldest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description texts */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_TemplateBody"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Registers a text for a processor. It is used once a second person has agreed to it. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewTemplate"];
                };
            };
            responses: {
                /** @description registered */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TemplateBody"];
                    };
                };
                /** @description its faults */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undoes a cut, once a second person agreed (`/resume/request`): the domains of the processor work
         *     again; keys that were revoked stay revoked. Refused while an open incident names the processor.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ResumeConsent"];
                };
            };
            responses: {
                /** @description what works again */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Resumed"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description nobody agreed, an open incident, or no cut */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processors/{id}/resume/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a second person to agree that a processor is let in again. Nothing is undone yet. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description P-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ResumeReason"];
                };
            };
            responses: {
                /** @description asked */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ResumeRequest"];
                    };
                };
                /** @description no such processor */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description an open incident, or no cut */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pseudonyms/remap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchanges pseudonyms of an older epoch for those of the newest. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Old"];
                };
            };
            responses: {
                /** @description pseudonyms */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["New"];
                    };
                };
                /** @description nothing of the kind was given */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the domain is suspended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sandbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invented people in the shape of the processor's own data; the same ones each time. */
        get: {
            parameters: {
                query?: {
                    /** @description how many, up to 1,000 */
                    rows?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description invented people */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sandbox"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in: the session comes as a cookie. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            responses: {
                /** @description signed in */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionBody"];
                    };
                };
                /** @description refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description locked */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description who is signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Signs out. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description signed out */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in by a passkey: the session comes as a cookie. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PasskeySignIn"];
                };
            };
            responses: {
                /** @description signed in */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionBody"];
                    };
                };
                /** @description refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/passkey/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for any passkey; the browser is told apart by a cookie. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the challenge */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PasskeyChallenge"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/sso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in by what the provider sent back: the session comes as a cookie. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Brought"];
                };
            };
            responses: {
                /** @description signed in */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionBody"];
                    };
                };
                /** @description refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description the provider is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/sso/door": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins to sign in at the company's identity provider; the browser is told apart by a cookie. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description where to go */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DoorBody"];
                    };
                };
                /** @description the provider is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How staff may sign in here, besides by a passphrase. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the ways */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WaysBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
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
        /** Everybody who works or worked here. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description everybody */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_StaffBody"];
                    };
                };
            };
        };
        put?: never;
        /** Brings a member of staff in, with a one-time password. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewStaff"];
                };
            };
            responses: {
                /** @description brought in */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invited"];
                    };
                };
                /** @description the name is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/me/passphrase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Chooses a passphrase; all other sessions end. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Choice"];
                };
            };
            responses: {
                /** @description chosen */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description too short */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disables an account and ends its sessions. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description S-2 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Reason"];
                };
            };
            responses: {
                /** @description disabled */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Disabled"];
                    };
                };
                /** @description no such account */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A member of staff's passkeys, revoked ones included. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description S-2 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description theirs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_PasskeyBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/sso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says who a person of the identity provider is here; their sessions end. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description S-2 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewLink"];
                };
            };
            responses: {
                /** @description linked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description no such account */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description somebody else here */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/sso/unlink": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a link away; the member of staff's sessions end. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description S-2 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description unlinked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description no such link */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many people are enrolled. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description how many */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Subjects"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finds the one person who holds a value. The access log has a row first, found or not; when
         *     several people hold it only their number is told, and a surer kind must be asked for.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Search"];
                };
            };
            responses: {
                /** @description who was found */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Found"];
                    };
                };
                /** @description no value of that kind */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too many searches */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person under masks, or how far their erasure is. The access log has a row first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as a search or a list gave it */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the person */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubjectShown"];
                    };
                };
                /** @description no such reference */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/{id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forgets a person for good: the key of their data is destroyed. Refused while the person is hit
         *     by an open incident, or is in a disclosure from a domain under a legal hold.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description as a search or a list gave it */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Erase"];
                };
            };
            responses: {
                /** @description how far it is */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErasureBody"];
                    };
                };
                /** @description no such reference, or erased */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description an open incident or a hold */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/{id}/holdings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each processor has of a person. The access log has a row first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as a search or a list gave it */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description by processor */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_Holding"];
                    };
                };
                /** @description no such reference */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/{id}/looks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who looked at a person, gave them away, traced or told them: newest first, out of the access
         *     log, which has a row of this question first. `next` is given as `before` for what was earlier; a
         *     page may be empty and still have one, for only a part of a long log is looked through at a time.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Acts before this row of the log; the newest when absent. */
                    before?: number;
                };
                header?: never;
                path: {
                    /** @description as a search or a list gave it */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description acts */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_Look"];
                    };
                };
                /** @description no such reference */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows values of a person. The access log has a row first; the answer is kept nowhere, so a
         *     request that is sent again is one more look.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                };
                path: {
                    /** @description as a search or a list gave it */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Reveal"];
                };
            };
            responses: {
                /** @description the values */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RevealedBody"];
                    };
                };
                /** @description no such reference, or erased */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too many looks */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs of the tracer, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description the number after which to go on, downwards */
                    after?: number;
                    /** @description how many, up to 1,000 */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description runs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List_TraceLine"];
                    };
                };
            };
        };
        put?: never;
        /** Traces a file that turned up: it becomes evidence first. Larger files go by the command line. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description another one for each act */
                    "Idempotency-Key": string;
                    /** @description why, in ASCII; in other letters as UTF-8'' and their bytes as %EA */
                    "Doldam-Purpose"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": number[];
                };
            };
            responses: {
                /** @description the report */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TraceReport"];
                    };
                };
                /** @description no table */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The report of a trace: counts, ids and reasons, nobody's data. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description T-1 */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the report */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TraceReport"];
                    };
                };
                /** @description no such trace */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transactions:decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decides on one event, or on up to 1,000 in their order: `{"transactions": […]}`. An answer means
         *     that event and decision are durable. The same event again gets the same decision.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description one event with id, kind, time and the fields of the schema; or {"transactions": [event, …]} */
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description decided, or what the settings say meanwhile */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OneOrMany"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description another event has this id */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too many events */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description it cannot be judged */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transactions:label": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Says whether an event was fraud. Features that look at labels know it from now on; a back-test
         *     counts by it. The last label of an event holds.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewLabel"];
                };
            };
            responses: {
                /** @description kept */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LabelKept"];
                    };
                };
                /** @description fraud detection is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description no such id can be */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers at all. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it answers */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
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
        /** Counts in Prometheus' text format. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description counts */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notices that stand, as a page to be read. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the list */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A notice as it was put up, to be read. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description 2026-11-23-1 */
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the page */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description you have it */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description there never was one */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description it was taken down */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
            };
        };
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
        /** Whether the store answers, so that requests may be sent here. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the store answers */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description not now */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
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
        /** @description Who is to look at an alert. */
        AlertAssignment: {
            /** @description A staff name; nobody when it is null. */
            assignee?: string | null;
        };
        /** @description What somebody found. */
        AlertClosing: {
            /** @description In words without personal data. */
            note: string;
            /** @description fraud, no_fraud or unclear. */
            outcome: string;
        };
        /** @description An alert with what surrounds it. */
        AlertInFull: {
            alert: components["schemas"]["FraudAlert"];
            measure?: components["schemas"]["FraudMeasure"] | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description Other alerts of the same account, payee or device, newest first. */
            sharing: components["schemas"]["Sharing"][];
        };
        /** @description A request that waits for a second person, or that one officer carried alone. */
        ApprovalBody: {
            act: string;
            break_glass?: components["schemas"]["BreakGlassBody"] | null;
            expires_at: string;
            /** @description Its number: A-1. */
            id: string;
            order?: components["schemas"]["NewDisclosure"] | null;
            /** @description Whether whoever looks asked for it and may do it now. */
            ready: boolean;
            requested_by: string;
            /** @description `open`; `agreed`, which only whoever asked is told; or `by break-glass`. */
            state: string;
            summary: string;
        };
        /** @description How many people are known to be hit. */
        Attached: {
            /**
             * Format: int64
             * @description All that are known now.
             */
            people: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A row of the access log. */
        AuditBody: {
            action: string;
            actor: string;
            at: string;
            /** @description Hash of the row, hexadecimal. */
            hash: string;
            object: string;
            origin: string;
            purpose: string;
            /** Format: int64 */
            seq: number;
            /** Format: int32 */
            subjects: number;
        };
        /** @description A draft, and the time over which it is run. */
        BackTest: {
            /**
             * Format: int32
             * @description How many alerts a day people can look at; what the settings say, where it is left out.
             */
            capacity_per_day?: number | null;
            /** @description Events taken in from here on; all, where it is left out. */
            from?: string | null;
            /** @description The rule set, TOML. */
            text: string;
            /** @description Events taken in before this. */
            to?: string | null;
        };
        /** @description A draft beside the rules in force. */
        BackTestResult: {
            /**
             * Format: int64
             * @description Events that both stop.
             */
            both: number;
            /** @description The draft. */
            draft: components["schemas"]["RuleSetTally"];
            /**
             * Format: int64
             * @description Events that were looked at.
             */
            events: number;
            /**
             * Format: int64
             * @description Those whose label says fraud.
             */
            frauds: number;
            /** @description The rules that were in force then. */
            live: components["schemas"]["RuleSetTally"];
            /**
             * Format: int64
             * @description Customers whom the draft stops without fraud, and the rules in force do not stop.
             */
            newly_disturbed: number;
            /** @description Each rule of the draft. */
            rules: components["schemas"]["DraftRuleTally"][];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description The last backups. */
        Backups: {
            /** @description Of the data; null when none is found. */
            data_at?: string | null;
            /** @description Of the keys. */
            keys_at?: string | null;
            /** @description ok or warning. */
            state: string;
        };
        /** @description Why an act cannot wait for a second person. */
        BreakGlass: {
            /** @description In ten characters or more, without personal data; kept for ever. */
            reason: string;
        };
        /** @description A consent by break-glass. */
        BreakGlassBody: {
            /** @description When. */
            at: string;
            /** @description Who: S-1. */
            by: string;
            /** @description Why it could not wait. */
            reason: string;
        };
        /** @description What the person brought back, as it stood in the address. */
        Brought: {
            /** @description What is changed for a token. */
            code?: string | null;
            /** @description Why there is no code (RFC 6749, 4.1.2.1). */
            error?: string | null;
            /** @description Which provider it comes from (RFC 9207). */
            iss?: string | null;
            /** @description The mark of this way in. */
            state: string;
        };
        /** @description By what. */
        ByGateway: {
            /** @description The name of a gateway in the settings. */
            gateway: string;
        };
        /** @description How a case ends. */
        CaseClosing: {
            /** @description fraud, no_fraud or unclear. The second person names the same. */
            outcome: string;
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description A case with its alerts and notes. */
        CaseInFull: {
            alerts: components["schemas"]["FraudAlert"][];
            case: components["schemas"]["FraudCase"];
            notes: components["schemas"]["CaseNote"][];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A note on a case. */
        CaseNote: {
            at: string;
            by: string;
            text: string;
        };
        /** @description Why a case goes on. */
        CaseReopening: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description The old secret and the new one. */
        Choice: {
            /** @description At least 15 characters, and not the old one. */
            new_secret: string;
            /** @description The secret that was used to sign in. */
            secret: string;
        };
        /** @description How the clocks of a duty stand. */
        ClockBody: {
            /** @description Our own alarm. */
            alarm_at?: string | null;
            /** @description The last moment; of each person's clocks the one that ends first. */
            due_at?: string | null;
            /** @description What stopped it. */
            evidence?: string | null;
            persons?: components["schemas"]["PersonsBody"] | null;
            started_at?: string | null;
            /**
             * @description waiting, standing, running, paused, overdue, stopped, stopped_late or kept_long_enough;
             *     absent where each person has a clock.
             */
            state?: string | null;
            stopped_at?: string | null;
            /** @description The same without moving a last day of rest on. */
            strict_due_at?: string | null;
            /** @description The reason for which it waits now. */
            waits_for?: string | null;
            /** @description Since when it waits: what going on has to name. */
            waits_since?: string | null;
        };
        /** @description What shows that the work is done. */
        Closing: {
            /** @description A reference to minutes or a report: letters, digits and . _ : / # - */
            reference: string;
        };
        /** @description What is agreed to. */
        Consent: {
            /** @description The digest of the words that were seen, hexadecimal: as the preview says it. */
            digest: string;
        };
        /** @description What one officer agrees to alone, and why. */
        ConsentAlone: {
            /** @description The digest of the words that were seen, hexadecimal: as the preview says it. */
            digest: string;
            /** @description Why it cannot wait for a second person; in ten characters or more, kept for ever. */
            reason: string;
        };
        /** @description How many people are in which state of a sending. */
        CountsBody: {
            /**
             * Format: int64
             * @description Taken by the gateway, without a final receipt.
             */
            accepted: number;
            /** Format: int64 */
            delivered: number;
            /** Format: int64 */
            expired: number;
            /** Format: int64 */
            failed: number;
            /**
             * Format: int64
             * @description Perhaps sent, perhaps not: a person decides.
             */
            in_doubt: number;
            /**
             * Format: int64
             * @description On the way to the gateway.
             */
            intent: number;
            /**
             * Format: int64
             * @description Not sent yet.
             */
            planned: number;
        };
        /** @description An order to cut a processor off. */
        CutBody: {
            id: string;
            ordered_at: string;
            ordered_by: string;
            /** @description The JSON text that is signed. */
            proof?: string | null;
            proved_at?: string | null;
            reason: string;
            /** @description Ed25519 over the text, hexadecimal. */
            signature?: string | null;
        };
        /** @description What was cut of one kind of credential. */
        CutPartBody: {
            /**
             * Format: int64
             * @description Microseconds from the order to that moment.
             */
            after_us: number;
            /** @description When none worked any more. */
            at: string;
            /** @description What, in the plural. */
            credential: string;
            /**
             * Format: int64
             * @description How many worked until then.
             */
            revoked: number;
        };
        /** @description That a processor was cut off: what the desk signed and keeps. */
        CutProofBody: {
            /** @description The order: C-1. */
            cut: string;
            /** @description The random name of the installation. */
            installation: string;
            ordered_at: string;
            ordered_by: string;
            /** @description What was cut, in order. */
            parts: components["schemas"]["CutPartBody"][];
            /** @description Whose access: P-1. */
            processor: string;
            reason: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description Why a processor is cut off. */
        CutReason: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description What is to be done with one event. */
        DecisionAnswer: {
            /** @description allow, case, `step_up`, delay, hold or block. */
            action?: string | null;
            /** @description Whether it had been decided before; the decision is that one. */
            again?: boolean | null;
            /** @description A stable word for why it was not judged. */
            cause?: string | null;
            /** @description What is wrong, in words. */
            detail?: string | null;
            /** @description The rules that could not be evaluated. */
            faulted?: components["schemas"]["FaultedRule"][] | null;
            /** @description The features that moved the model's score most, where the action is not allow. */
            features?: components["schemas"]["MovedFeature"][] | null;
            /** @description The field that is at fault. */
            field?: string | null;
            /** @description The event; absent where it could not be read. */
            id?: string | null;
            /** @description Keys of the event on lists, where the action is not allow. */
            marks?: components["schemas"]["ListMark"][] | null;
            /**
             * @description `judged`; `fail_open` or `fail_closed`, where it could not be judged and the settings say
             *     what is done meanwhile: send it again later; `conflict`, where another event has its id;
             *     `refused`, where it is no event that can be judged.
             */
            mode: string;
            /**
             * Format: double
             * @description The model's probability of fraud, where there is a model.
             */
            probability?: number | null;
            /** @description The rules that fired. */
            rules?: components["schemas"]["FiredRule"][] | null;
            /**
             * Format: int32
             * @description 1, where it is the whole answer.
             */
            schema?: number | null;
            /**
             * Format: int32
             * @description 0 to 100.
             */
            score?: number | null;
            /**
             * Format: int64
             * @description Its place in the log.
             */
            sequence?: number | null;
            /** @description Whether it came too late to count for later ones. */
            too_late?: boolean | null;
        };
        /** @description The answers to several events, in their order. */
        DecisionAnswers: {
            /** @description One for each. */
            answers: components["schemas"]["DecisionAnswer"][];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A decision with everything that it depended on. */
        DecisionReceipt: {
            /** @description When it was taken in. */
            at: string;
            /** @description The event. */
            event: string;
            /** @description The features that moved the score most. */
            features: components["schemas"]["MovedFeature"][];
            /** @description What it said, keys masked. */
            fields: components["schemas"]["EventField"][];
            /** @description What happened. */
            kind: string;
            /**
             * Format: int64
             * @description Place in the log of the last change of a list before it.
             */
            lists: number;
            /** @description Keys of the event on lists. */
            marks: components["schemas"]["ListMark"][];
            /** @description BLAKE3 of what the caller sent, in hex. */
            payload: string;
            /**
             * Format: double
             * @description The model's probability of fraud.
             */
            probability?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * Format: int64
             * @description Its place in the log.
             */
            sequence: number;
            /** @description What it was decided with. */
            setup: components["schemas"]["FraudSetup"];
            shadow?: components["schemas"]["VerdictBody"] | null;
            /** @description First half of the BLAKE3 of all feature values, in hex: a replay has the same. */
            snapshot: string;
            /** @description When it happened, by the channel's clock. */
            time: string;
            /** @description Whether it came too late to count for later ones. */
            too_late: boolean;
            /** @description What the rules in force said. */
            verdict: components["schemas"]["VerdictBody"];
        };
        /** @description A decision, in short. */
        DecisionRow: {
            /** @description What is to be done. */
            action: string;
            /**
             * Format: int64
             * @description The amount in minor units, where it has one.
             */
            amount?: number | null;
            /** @description When it was taken in. */
            at: string;
            /** @description The event. */
            event: string;
            /** @description Its keys, masked. */
            keys: components["schemas"]["EventField"][];
            /** @description What happened. */
            kind: string;
            /**
             * Format: double
             * @description The model's probability of fraud.
             */
            probability?: number | null;
            /** @description The rules that fired. */
            rules: components["schemas"]["FiredRule"][];
            /**
             * Format: int32
             * @description 0 to 100.
             */
            score: number;
            /**
             * Format: int64
             * @description Its place in the log.
             */
            sequence: number;
            /** @description When it happened, by the channel's clock. */
            time: string;
        };
        /** @description Whether this installation is to be a small team, and why. */
        DeclareSmallTeam: {
            on: boolean;
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description A reason to wait. */
        Delay: {
            /** @description What shows it: letters, digits and . _ : / # - */
            evidence: string;
            /** @description A reason that the duty's row allows: containment_in_progress, ... */
            reason: string;
            /** @description Since when, RFC 3339; now when absent. */
            since?: string | null;
        };
        /** @description A reason to wait that is over. */
        DelayOver: {
            /** @description When the reason ended, RFC 3339; now when absent. */
            happened_at?: string | null;
            /** @description The reason. */
            reason: string;
            /** @description Since when it was waited, RFC 3339, to the second; the earliest wait for it when absent. */
            since?: string | null;
        };
        /** @description A sealed file for a processor. */
        DeliveryBody: {
            /** @description Until when. */
            available_until?: string | null;
            /**
             * Format: int64
             * @description Length of the file.
             */
            bytes: number;
            /** @description What is delivered: D-1. */
            disclosure: string;
            /** @description Each time that it was fetched. */
            fetches: components["schemas"]["FetchBody"][];
            /** @description Its number: V-1. */
            id: string;
            /** @description To whom: P-1. */
            processor: string;
            /** @description Since when it may be fetched. */
            published_at?: string | null;
            /** @description SHA-256 of the file, hexadecimal. */
            sha256: string;
        };
        /** @description What was ended. */
        Disabled: {
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * Format: int64
             * @description Sessions that were ended.
             */
            sessions: number;
        };
        /** @description An act of giving data. */
        DisclosureBody: {
            /** @description Which kinds. */
            fields: string[];
            /** @description When it was given. */
            given_at: string;
            /** @description Its number: D-1. */
            id: string;
            /** @description issued or recorded. */
            origin: string;
            /** @description To whom: P-1. */
            processor: string;
            /** @description For what. */
            purpose: string;
            /** @description Whether real values were given. */
            raw: boolean;
            /** @description When it must be returned. */
            return_by?: string | null;
            /** @description prepared or given. */
            state: string;
            /**
             * Format: int32
             * @description How many people it is about.
             */
            subjects: number;
        };
        /** @description A disclosure whose file is kept, for nobody yet. */
        DisclosureMade: {
            /** @description Its sealed file: V-1. */
            delivery: string;
            /** @description Its number: D-1. */
            id: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description SHA-256 of the file, hexadecimal. */
            sha256: string;
            /**
             * Format: int64
             * @description How many people it is about.
             */
            subjects: number;
        };
        /** @description A disclosure and its signed manifest. */
        DisclosureShown: {
            /** @description The disclosure. */
            disclosure: components["schemas"]["DisclosureBody"];
            /** @description The JSON text that is signed. */
            manifest: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description Ed25519 over the text, hexadecimal. */
            signature: string;
        };
        /** @description Free space. */
        Disk: {
            /**
             * Format: int64
             * @description Free bytes; null where the file system does not say.
             */
            free_bytes?: number | null;
            /** @description ok, unknown or warning. */
            state: string;
        };
        /** @description A pseudonym domain. */
        DomainBody: {
            /**
             * Format: int32
             * @description Counts up when pseudonyms change.
             */
            epoch: number;
            /** @description Its number: M-1. */
            id: string;
            /** @description Of which kind. */
            kind: string;
            /** @description For whom: P-1. */
            processor: string;
            /** @description For what. */
            purpose: string;
            /** @description active, suspended or destroyed. */
            state: string;
        };
        /** @description Where to sign in. */
        DoorBody: {
            /**
             * @description The address at the company's identity provider; it sends people back to the console's page
             *     /sign-in/back, which hands what it finds in its address to `POST /api/v1/sessions/sso`.
             */
            address: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A notice of which nobody knows whether it was sent. */
        DoubtBody: {
            /**
             * Format: int32
             * @description Which try it was.
             */
            attempt: number;
            /** @description The word by which it is decided about; it tells nobody whose notice it is. */
            doubt: string;
            intended_at: string;
            /** Format: int32 */
            parts: number;
            /**
             * Format: int32
             * @description How many of its parts the gateway is known to have taken.
             */
            parts_taken: number;
            /**
             * Format: int32
             * @description How many receipts came from the same number that name no message of ours.
             */
            stray_receipts: number;
        };
        /** @description A fault of a draft. */
        DraftFault: {
            /**
             * Format: int64
             * @description Its first character in that line, counted from 1.
             */
            column: number;
            /**
             * Format: int64
             * @description Where it ends.
             */
            end: number;
            hint?: components["schemas"]["TwoTongues"] | null;
            /**
             * Format: int64
             * @description Its line, counted from 1.
             */
            line: number;
            /** @description The rule that it is in. */
            rule?: string | null;
            /**
             * Format: int64
             * @description Where it begins in the text, in bytes.
             */
            start: number;
            /** @description What is wrong. */
            what: components["schemas"]["TwoTongues"];
        };
        /** @description How one rule of the draft did. */
        DraftRuleTally: {
            /**
             * Format: int64
             * @description Events in which no other rule of the draft fired.
             */
            alone: number;
            /**
             * Format: int64
             * @description Events in which it could not be evaluated.
             */
            faulted: number;
            /**
             * Format: int64
             * @description Events in which it fired.
             */
            fired: number;
            /**
             * Format: int64
             * @description Frauds among them.
             */
            hits: number;
            /** @description Its name. */
            rule: string;
        };
        /** @description The outcome of a drill with its number and its time: counts and durations, nobody's data. */
        DrillBody: {
            /**
             * Format: int64
             * @description People on the signed list.
             */
            affected: number;
            /**
             * Format: int64
             * @description Legal clocks that ran, and were stopped on evidence.
             */
            clocks: number;
            /**
             * Format: int32
             * @description Counts the drills from 1.
             */
            id: number;
            notices: components["schemas"]["DrillNotices"];
            ordered_by: string;
            /**
             * Format: int64
             * @description Answers of the report's draft that are not known.
             */
            report_unknown: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * Format: int64
             * @description Makes the same people, leak and faults again.
             */
            seed: number;
            started_at: string;
            /** @description The steps, in order. */
            steps: components["schemas"]["DrillStep"][];
            /**
             * Format: int64
             * @description Lines of the timeline.
             */
            timeline: number;
            /**
             * Format: int64
             * @description From the first look at the found file to the first text on the wire, in milliseconds.
             */
            to_first_text_ms: number;
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            total_ms: number;
            /** @description none, or some: whether the drill's own gateway misbehaved. */
            trouble: string;
        };
        /**
         * @description The texts of a drill when the last receipt was in; `planned` is the sum of the others but
         *     `duplicate`.
         */
        DrillNotices: {
            /**
             * Format: int64
             * @description Taken by the gateway, without a final receipt.
             */
            accepted: number;
            /** Format: int64 */
            delivered: number;
            /**
             * Format: int64
             * @description People who were texted more than once: 0 unless something is wrong.
             */
            duplicate: number;
            /** Format: int64 */
            failed: number;
            /**
             * Format: int64
             * @description Perhaps sent, perhaps not.
             */
            in_doubt: number;
            /** Format: int64 */
            planned: number;
        };
        /** @description One step of a drill. */
        DrillStep: {
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            ms: number;
            name: string;
        };
        /** @description A duty over what is known, and how its clocks stand. */
        DutyBody: {
            /** @description due, not_due or unknown. */
            answer: string;
            clock: components["schemas"]["ClockBody"];
            /** @description notice, report, ...: what fulfilling it looks like. */
            form: string;
            /** @description Its row of the rule table. */
            id: string;
            /** @description Whether it is due and something is still to be done about it. */
            is_open: boolean;
            /** @description Whether it has to be decided before the incident can be closed. */
            is_undecided: boolean;
            /** @description The facts that have to be answered before it is known whether it is due. */
            needs: string[];
            /** @description The instrument and the article. */
            source: string;
            /** @description The kinds of evidence that stop its clock. */
            stops_on: string[];
            title: components["schemas"]["TextBody"];
            /** @description The reasons for which its clock may wait. */
            waits_for: string[];
            /** @description Why, in a few sentences. */
            why: components["schemas"]["TextBody"];
        };
        /** @description Why a person is forgotten. */
        Erase: {
            /** @description Why, for the access log: 5 to 200 characters that name the case, not the person. */
            purpose: string;
        };
        /** @description How far an erasure is. */
        ErasureBody: {
            /** @description Which they are: K-1. */
            key_backups: string[];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description pending: backups of keys still hold the key. final: no copy of the key is left. */
            state: string;
            /** @description When the last of those backups expires. */
            until?: string | null;
        };
        /** @description A value of an event. */
        EventField: {
            /** @description The field's name. */
            name: string;
            /** @description Its value as text; of a key, which stands for a person, the first character. */
            value: string;
        };
        /** @description A reference to what shows something. */
        EvidenceBody: {
            added_at: string;
            added_by: string;
            kind: string;
            reference: string;
        };
        /** @description A rule that could not be evaluated. */
        FaultedRule: {
            /** @description Its name. */
            name: string;
            /** @description missing, division-by-zero, overflow or wrong-type. */
            why: string;
        };
        /** @description One time that a delivery was fetched. */
        FetchBody: {
            api_key: string;
            ended_at?: string | null;
            /** @description whole or aborted. */
            outcome?: string | null;
            started_at: string;
        };
        /** @description A rule that fired, and why that matters. */
        FiredRule: {
            /** @description The same in English. */
            en: string;
            /** @description Why it fired, Korean. */
            ko: string;
            /** @description How alerts and reports call it. */
            name: string;
        };
        /** @description Who was found. */
        Found: {
            /** @description How many people hold this very value. */
            count: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            subject?: components["schemas"]["SubjectBody"] | null;
        };
        /** @description An event that was not simply allowed. Keys are masked. */
        FraudAlert: {
            account?: string | null;
            /** @description case, step_up, delay, hold or block; allow where only its name came again. */
            action: string;
            /**
             * Format: int64
             * @description In minor units.
             */
            amount?: number | null;
            assignee?: string | null;
            /**
             * Format: int32
             * @description The case that it belongs to.
             */
            case?: number | null;
            closed_at?: string | null;
            closed_by?: string | null;
            /**
             * Format: int32
             * @description How often its name came again with other content.
             */
            conflicts: number;
            device?: string | null;
            /** @description Until when a person should have looked. */
            due_at: string;
            /** @description The event. */
            event: string;
            /** @description It is open although it was due. */
            is_late: boolean;
            note?: string | null;
            opened_at: string;
            /** @description fraud, no_fraud or unclear, once it is closed. */
            outcome?: string | null;
            payee?: string | null;
            /**
             * Format: int32
             * @description 0 to 100.
             */
            score: number;
            /**
             * Format: int64
             * @description Place of the event in the log; names the alert.
             */
            sequence: number;
        };
        /** @description From this score on, at least this is done. */
        FraudBand: {
            action: string;
            /** Format: int32 */
            from: number;
        };
        /** @description A case. */
        FraudCase: {
            /** @description Who said how it ends; a second person agrees. */
            asked_by?: string | null;
            assignee?: string | null;
            closed_at?: string | null;
            closed_by?: string | null;
            /** Format: int32 */
            id: number;
            opened_at: string;
            opened_by: string;
            /** @description fraud, no_fraud or unclear. */
            outcome?: string | null;
            reason?: string | null;
            /** @description open, closing (one person has said how it ends) or closed. */
            state: string;
            title: string;
        };
        /** @description What was decided since the server started. */
        FraudCounts: {
            /** @description New decisions by action. */
            actions: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Events that had been decided before.
             */
            again: number;
            /**
             * Format: int64
             * @description Events with the id of another.
             */
            conflicts: number;
            /**
             * Format: int64
             * @description Events that were stopped unjudged, as the settings say.
             */
            fail_closed: number;
            /**
             * Format: int64
             * @description Events that passed unjudged, as the settings say.
             */
            fail_open: number;
            /** @description The last hour's minutes in which anything was decided, oldest first. */
            minutes: components["schemas"]["FraudMinute"][];
            /**
             * Format: double
             * @description New decisions a second, over the last minute.
             */
            per_second: number;
            /**
             * Format: int64
             * @description Events that cannot be judged.
             */
            refused: number;
            /** @description New decisions by tenths of the score: 0 to 9, 10 to 19, … 90 to 100. */
            scores: number[];
        };
        /** @description A feature. */
        FraudFeature: {
            /** @description The same in English. */
            en: string;
            /** @description One sentence, Korean. */
            ko: string;
            /** @description How it comes about. */
            meaning: string;
            /** @description How rules and models call it. */
            name: string;
            /** @description bool, int, real, text, time or span. */
            type: string;
        };
        /** @description What is known of an event beyond what it says itself, and what it may say. */
        FraudFeatures: {
            /** @description The features, in the order in which they are computed. */
            features: components["schemas"]["FraudFeature"][];
            /** @description The fields of events. */
            fields: components["schemas"]["FraudField"][];
            /**
             * Format: int64
             * @description How much older than the newest event an event may be to count, in microseconds.
             */
            late_us: number;
            /** @description What the feature set calls itself. */
            name: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description Its text. */
            text: string;
        };
        /** @description A field of events. */
        FraudField: {
            /** @description The same in English. */
            en: string;
            /** @description One sentence, Korean. */
            ko: string;
            /** @description How rules and events call it. */
            name: string;
            /** @description Kinds of event that must carry it. */
            required: string[];
            /** @description Its type in rules. */
            type: string;
        };
        /** @description A declared list. */
        FraudList: {
            /**
             * Format: int64
             * @description How many, those whose end date is over included until they are removed.
             */
            count: number;
            /** @description The same in English. */
            en: string;
            /** @description Who stands on it, Korean. */
            ko: string;
            /** @description How rules call it. */
            name: string;
        };
        /** @description A temporary measure on an event. */
        FraudMeasure: {
            /** @description The customer's account, masked. */
            account?: string | null;
            /** @description Who asked for its release; a second person agrees. */
            asked_by?: string | null;
            /** @description A delay's timer; for the others, until when it should have ended. */
            due_at: string;
            ended_at?: string | null;
            /** @description The event. */
            event: string;
            /** @description It goes on although it should have ended. */
            is_late: boolean;
            /** @description Until when its steps are kept, once it has ended. */
            kept_until?: string | null;
            /** @description step_up, delay, hold or block. */
            kind: string;
            placed_at: string;
            /**
             * Format: int64
             * @description Place of the event in the log; names the measure.
             */
            sequence: number;
            /** @description placed, notified, identity_checked, released, carried_out or refused. */
            state: string;
            /** @description Its steps, in order; in a list it has none. */
            steps?: components["schemas"]["MeasureStep"][];
        };
        /** @description One minute. */
        FraudMinute: {
            /** @description New decisions by action. */
            actions: {
                [key: string]: number;
            };
            /** @description When it began. */
            at: string;
        };
        /** @description How fraud detection stands. */
        FraudOverview: {
            /** @description The currency of all amounts. */
            currency: string;
            /**
             * Format: int64
             * @description Entries of the log.
             */
            entries: number;
            /**
             * Format: int64
             * @description Keys that the windows know: accounts, devices, payees, …
             */
            keys: number;
            /** @description The lists. */
            lists: components["schemas"]["ListCount"][];
            /** @description What is done with an event that cannot be judged. */
            policy: components["schemas"]["FraudPolicy"];
            proof?: components["schemas"]["ProofBody"] | null;
            /**
             * Format: int32
             * @description How many alerts a day people can look at.
             */
            review_capacity_per_day: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description What decisions are made with. */
            setup: components["schemas"]["FraudSetup"];
            /** @description What was decided since the server started. */
            since_start: components["schemas"]["FraudCounts"];
            /**
             * Format: int64
             * @description Bytes of memory that the windows take.
             */
            state_bytes: number;
            /**
             * Format: int64
             * @description Events that came too late to count for later ones, since the windows were made.
             */
            too_late: number;
        };
        /** @description What is done with an event that cannot be judged. */
        FraudPolicy: {
            /** @description What is done with everything else. */
            other: string;
            /** @description What is done with larger ones. */
            payment_above: string;
            /**
             * Format: int64
             * @description Payments up to this amount pass.
             */
            payment_allow_up_to: number;
        };
        /** @description A rule, compiled. */
        FraudRule: {
            /** @description What is to be done when it fires. */
            action: string;
            /** @description It fires only beside a rule with this tag. */
            beside?: string | null;
            /**
             * Format: int32
             * @description The most that it costs, in units of roughly a nanosecond.
             */
            cost: number;
            /** @description The same in English. */
            en: string;
            /**
             * Format: int32
             * @description The least score of a decision in which it fired.
             */
            floor: number;
            /** @description Why it fires, Korean. */
            ko: string;
            /** @description How alerts and reports call it. */
            name: string;
            /** @description Kinds of event that it looks at. */
            on: string[];
            /**
             * Format: int32
             * @description What it adds to the score, 0 to 100.
             */
            score: number;
            /** @description Words to find it by. */
            tags: string[];
            /** @description It fires when this is true. */
            when: string;
        };
        /** @description The rules in force, and those that run beside. */
        FraudRules: {
            /** @description From which score on what is done, strongest first. */
            bands: components["schemas"]["FraudBand"][];
            /**
             * Format: int32
             * @description The most that one event costs, in units of roughly a nanosecond.
             */
            cost: number;
            /** @description What the rule set calls itself. */
            name: string;
            /** @description Its rules, compiled. */
            rules: components["schemas"]["FraudRule"][];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description Text of the rule set that runs beside and decides nothing. */
            shadow?: string | null;
            /** @description Its text. */
            text: string;
        };
        /** @description What decisions are made with from one place of the log on. */
        FraudSetup: {
            /** @description When it was put in force. */
            at: string;
            /** @description By whom; `shipped` for what came with the program. */
            by: string;
            features: components["schemas"]["NamedVersion"];
            lists: string;
            model?: components["schemas"]["NamedVersion"] | null;
            rules: components["schemas"]["NamedVersion"];
            schema: string;
            /**
             * Format: int64
             * @description Its place in the log.
             */
            sequence: number;
            shadow?: components["schemas"]["NamedVersion"] | null;
            /** @description Why. */
            why: string;
        };
        /** @description A gateway of the settings, without its account. */
        GatewayBody: {
            /** @description Whether the messages go out by it that processors ask for. */
            carries_messages: boolean;
            /** @description The stable word for what was wrong; null unless it fails. */
            code?: string | null;
            /** @description Its name, by which a notice is sent. */
            name: string;
            /** @description The number that texts come from. */
            sender: string;
            /** @description unused, ok or failing: how it was when this server used it last. */
            state: string;
            /**
             * Format: int32
             * @description Most short messages a second by its contract; null when it does not say.
             */
            texts_per_second?: number | null;
            /** @description When this server used it last, RFC 3339; null when it did not since it started. */
            used_at?: string | null;
        };
        /** @description How the house is. */
        Health: {
            /** @description The last backups that the access log knows. */
            backups: components["schemas"]["Backups"];
            /** @description The machine's clock. */
            clock: components["schemas"]["MachineClock"];
            /** @description Where the data lies. */
            disk: components["schemas"]["Disk"];
            /** @description By what texts go out. */
            gateways: components["schemas"]["GatewayBody"][];
            /** @description The access log. */
            log: components["schemas"]["LogBody"];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description How staff come in. */
            sign_in: components["schemas"]["SignInBody"];
            /** @description ok, unknown or warning: the worst of what follows. */
            state: string;
            /**
             * Format: int64
             * @description Whether the store answers, and how many people it holds.
             */
            subjects: number;
            /** @description Of the program. */
            version: string;
        };
        /** @description Figures of a hold-out. */
        HoldOutBody: {
            /**
             * Format: double
             * @description Area under the receiver operating characteristic.
             */
            auc: number;
            /**
             * Format: double
             * @description Average precision.
             */
            average_precision: number;
            /**
             * Format: double
             * @description Share of truly compromised cards among the 100 with the highest score each day.
             */
            card_precision_100?: number | null;
            /** @description The rows. */
            sample: components["schemas"]["SampleBody"];
        };
        /** @description What a processor has of a person. */
        Holding: {
            /** @description The disclosures that the person is in, oldest first. */
            disclosures: components["schemas"]["DisclosureBody"][];
            /** @description The name of the firm. */
            name: string;
            /** @description Its number: P-1. */
            processor: string;
            /** @description outsourcing or provision. */
            relation: string;
        };
        /** @description That it was checked who the customer is. */
        IdentityCheck: {
            /** @description In which way: outbound_call, video, face, one_time_code, counter. */
            how: string;
            /** @description Whether they are who they say. */
            passed: boolean;
        };
        /** @description A leak, possible or confirmed. */
        IncidentBody: {
            /** @description When the company came to know of it. */
            aware_at: string;
            closed_at?: string | null;
            /** @description Its number: L-1. */
            id: string;
            opened_at: string;
            opened_by: string;
            /** @description Who reported it, or whose copy it seems to be: P-1. */
            processor?: string | null;
            /** @description finding, tip or processor: from where it became known. */
            source: string;
            /** @description open or closed. */
            state: string;
            /** @description What people call it. */
            title: string;
        };
        /** @description An incident and what is on its record: counts, ids, words and times, nobody's data. */
        IncidentShown: {
            /** @description Orders to cut something off, oldest first. */
            containment: components["schemas"]["OrderBody"][];
            /** @description What shows what was done. */
            evidence: components["schemas"]["EvidenceBody"][];
            /** @description What is known, in the words of the rule table. */
            facts: {
                [key: string]: string;
            };
            incident: components["schemas"]["IncidentBody"];
            /** @description Notices, oldest first. */
            notices: components["schemas"]["NoticeBody"][];
            /**
             * Format: int64
             * @description How many people are known to be hit.
             */
            people: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description The signed lists that name them: T-1. */
            traces: string[];
        };
        /** @description Who was brought in. */
        Invited: {
            /** @description Their number: S-2. */
            id: string;
            /** @description Shown once: works for a day and lets them choose a secret. */
            one_time_password: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A key, without the key. */
        KeyBody: {
            created_at: string;
            expires_at: string;
            /** @description Its number: Y-1. */
            id: string;
            revoked_at?: string | null;
            scopes: string[];
            used_at?: string | null;
        };
        /** @description A new key. */
        KeyIssued: {
            /** @description Its last moment. */
            expires_at: string;
            /** @description Its number: Y-1. */
            id: string;
            /** @description Shown once: send it as `Authorization: Bearer …`. */
            key: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description Why a key is revoked. */
        KeyReason: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description All that is known now. */
        Known: {
            facts: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A label that is kept. */
        LabelKept: {
            /** @description The event. */
            event: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * @description `applied`; `unknown`, where no window can reach the event any more, or it never came;
             *     `ambiguous`, where the windows cannot tell it from another. The label is in the log anyway.
             */
            state: string;
        };
        /** @description A line of the timeline. */
        LineBody: {
            actor: string;
            /** @description When it happened. */
            at: string;
            /** @description Counts, ids and words. */
            facts: {
                [key: string]: unknown;
            };
            /** @description On what: an id, or empty. */
            object: string;
            /** @description When it was put on record. */
            recorded_at: string;
            /**
             * Format: int32
             * @description Counts the lines of the incident from 1.
             */
            seq: number;
            /** @description What: incident.open, contain.prove, ... */
            what: string;
        };
        /** @description Who comes and who goes. */
        ListChange: {
            /** @description Members that come, or replace the one of the same key. */
            add?: components["schemas"]["NewMember"][];
            /** @description Keys that go. */
            remove?: string[];
            /** @description Why, without personal data; kept for ever. */
            why: string;
        };
        /** @description A change that holds from the next event on. */
        ListChanged: {
            /** @description The list. */
            list: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * Format: int64
             * @description Place of the change in the log: every later decision sees it.
             */
            sequence: number;
        };
        /** @description How many stand on a list. */
        ListCount: {
            /**
             * Format: int64
             * @description Its members.
             */
            count: number;
            /** @description The list. */
            name: string;
        };
        /** @description A key of the event that stands on a list. */
        ListMark: {
            /** @description The field of the event whose value stands on it. */
            field: string;
            /** @description The list. */
            list: string;
            /** @description What put it there: an incident, a disclosure. */
            reference?: string | null;
        };
        /** @description Somebody or something on a list. */
        ListMember: {
            /** @description Its key, masked: it stands for a person. */
            key: string;
            /** @description What put it there. */
            reference?: string | null;
            /** @description From when on it counts no more. */
            until?: string | null;
        };
        /** @description A part of a list. */
        List_ApprovalBody: {
            /** @description The things. */
            items: {
                act: string;
                break_glass?: components["schemas"]["BreakGlassBody"] | null;
                expires_at: string;
                /** @description Its number: A-1. */
                id: string;
                order?: components["schemas"]["NewDisclosure"] | null;
                /** @description Whether whoever looks asked for it and may do it now. */
                ready: boolean;
                requested_by: string;
                /** @description `open`; `agreed`, which only whoever asked is told; or `by break-glass`. */
                state: string;
                summary: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_AuditBody: {
            /** @description The things. */
            items: {
                action: string;
                actor: string;
                at: string;
                /** @description Hash of the row, hexadecimal. */
                hash: string;
                object: string;
                origin: string;
                purpose: string;
                /** Format: int64 */
                seq: number;
                /** Format: int32 */
                subjects: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DecisionRow: {
            /** @description The things. */
            items: {
                /** @description What is to be done. */
                action: string;
                /**
                 * Format: int64
                 * @description The amount in minor units, where it has one.
                 */
                amount?: number | null;
                /** @description When it was taken in. */
                at: string;
                /** @description The event. */
                event: string;
                /** @description Its keys, masked. */
                keys: components["schemas"]["EventField"][];
                /** @description What happened. */
                kind: string;
                /**
                 * Format: double
                 * @description The model's probability of fraud.
                 */
                probability?: number | null;
                /** @description The rules that fired. */
                rules: components["schemas"]["FiredRule"][];
                /**
                 * Format: int32
                 * @description 0 to 100.
                 */
                score: number;
                /**
                 * Format: int64
                 * @description Its place in the log.
                 */
                sequence: number;
                /** @description When it happened, by the channel's clock. */
                time: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DeliveryBody: {
            /** @description The things. */
            items: {
                /** @description Until when. */
                available_until?: string | null;
                /**
                 * Format: int64
                 * @description Length of the file.
                 */
                bytes: number;
                /** @description What is delivered: D-1. */
                disclosure: string;
                /** @description Each time that it was fetched. */
                fetches: components["schemas"]["FetchBody"][];
                /** @description Its number: V-1. */
                id: string;
                /** @description To whom: P-1. */
                processor: string;
                /** @description Since when it may be fetched. */
                published_at?: string | null;
                /** @description SHA-256 of the file, hexadecimal. */
                sha256: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DisclosureBody: {
            /** @description The things. */
            items: {
                /** @description Which kinds. */
                fields: string[];
                /** @description When it was given. */
                given_at: string;
                /** @description Its number: D-1. */
                id: string;
                /** @description issued or recorded. */
                origin: string;
                /** @description To whom: P-1. */
                processor: string;
                /** @description For what. */
                purpose: string;
                /** @description Whether real values were given. */
                raw: boolean;
                /** @description When it must be returned. */
                return_by?: string | null;
                /** @description prepared or given. */
                state: string;
                /**
                 * Format: int32
                 * @description How many people it is about.
                 */
                subjects: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DomainBody: {
            /** @description The things. */
            items: {
                /**
                 * Format: int32
                 * @description Counts up when pseudonyms change.
                 */
                epoch: number;
                /** @description Its number: M-1. */
                id: string;
                /** @description Of which kind. */
                kind: string;
                /** @description For whom: P-1. */
                processor: string;
                /** @description For what. */
                purpose: string;
                /** @description active, suspended or destroyed. */
                state: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DoubtBody: {
            /** @description The things. */
            items: {
                /**
                 * Format: int32
                 * @description Which try it was.
                 */
                attempt: number;
                /** @description The word by which it is decided about; it tells nobody whose notice it is. */
                doubt: string;
                intended_at: string;
                /** Format: int32 */
                parts: number;
                /**
                 * Format: int32
                 * @description How many of its parts the gateway is known to have taken.
                 */
                parts_taken: number;
                /**
                 * Format: int32
                 * @description How many receipts came from the same number that name no message of ours.
                 */
                stray_receipts: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DrillBody: {
            /** @description The things. */
            items: {
                /**
                 * Format: int64
                 * @description People on the signed list.
                 */
                affected: number;
                /**
                 * Format: int64
                 * @description Legal clocks that ran, and were stopped on evidence.
                 */
                clocks: number;
                /**
                 * Format: int32
                 * @description Counts the drills from 1.
                 */
                id: number;
                notices: components["schemas"]["DrillNotices"];
                ordered_by: string;
                /**
                 * Format: int64
                 * @description Answers of the report's draft that are not known.
                 */
                report_unknown: number;
                /**
                 * Format: int32
                 * @description Always 1.
                 */
                schema: number;
                /**
                 * Format: int64
                 * @description Makes the same people, leak and faults again.
                 */
                seed: number;
                started_at: string;
                /** @description The steps, in order. */
                steps: components["schemas"]["DrillStep"][];
                /**
                 * Format: int64
                 * @description Lines of the timeline.
                 */
                timeline: number;
                /**
                 * Format: int64
                 * @description From the first look at the found file to the first text on the wire, in milliseconds.
                 */
                to_first_text_ms: number;
                /**
                 * Format: int64
                 * @description How long it took, in milliseconds.
                 */
                total_ms: number;
                /** @description none, or some: whether the drill's own gateway misbehaved. */
                trouble: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_DutyBody: {
            /** @description The things. */
            items: {
                /** @description due, not_due or unknown. */
                answer: string;
                clock: components["schemas"]["ClockBody"];
                /** @description notice, report, ...: what fulfilling it looks like. */
                form: string;
                /** @description Its row of the rule table. */
                id: string;
                /** @description Whether it is due and something is still to be done about it. */
                is_open: boolean;
                /** @description Whether it has to be decided before the incident can be closed. */
                is_undecided: boolean;
                /** @description The facts that have to be answered before it is known whether it is due. */
                needs: string[];
                /** @description The instrument and the article. */
                source: string;
                /** @description The kinds of evidence that stop its clock. */
                stops_on: string[];
                title: components["schemas"]["TextBody"];
                /** @description The reasons for which its clock may wait. */
                waits_for: string[];
                /** @description Why, in a few sentences. */
                why: components["schemas"]["TextBody"];
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_FraudAlert: {
            /** @description The things. */
            items: {
                account?: string | null;
                /** @description case, step_up, delay, hold or block; allow where only its name came again. */
                action: string;
                /**
                 * Format: int64
                 * @description In minor units.
                 */
                amount?: number | null;
                assignee?: string | null;
                /**
                 * Format: int32
                 * @description The case that it belongs to.
                 */
                case?: number | null;
                closed_at?: string | null;
                closed_by?: string | null;
                /**
                 * Format: int32
                 * @description How often its name came again with other content.
                 */
                conflicts: number;
                device?: string | null;
                /** @description Until when a person should have looked. */
                due_at: string;
                /** @description The event. */
                event: string;
                /** @description It is open although it was due. */
                is_late: boolean;
                note?: string | null;
                opened_at: string;
                /** @description fraud, no_fraud or unclear, once it is closed. */
                outcome?: string | null;
                payee?: string | null;
                /**
                 * Format: int32
                 * @description 0 to 100.
                 */
                score: number;
                /**
                 * Format: int64
                 * @description Place of the event in the log; names the alert.
                 */
                sequence: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_FraudCase: {
            /** @description The things. */
            items: {
                /** @description Who said how it ends; a second person agrees. */
                asked_by?: string | null;
                assignee?: string | null;
                closed_at?: string | null;
                closed_by?: string | null;
                /** Format: int32 */
                id: number;
                opened_at: string;
                opened_by: string;
                /** @description fraud, no_fraud or unclear. */
                outcome?: string | null;
                reason?: string | null;
                /** @description open, closing (one person has said how it ends) or closed. */
                state: string;
                title: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_FraudList: {
            /** @description The things. */
            items: {
                /**
                 * Format: int64
                 * @description How many, those whose end date is over included until they are removed.
                 */
                count: number;
                /** @description The same in English. */
                en: string;
                /** @description Who stands on it, Korean. */
                ko: string;
                /** @description How rules call it. */
                name: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_FraudMeasure: {
            /** @description The things. */
            items: {
                /** @description The customer's account, masked. */
                account?: string | null;
                /** @description Who asked for its release; a second person agrees. */
                asked_by?: string | null;
                /** @description A delay's timer; for the others, until when it should have ended. */
                due_at: string;
                ended_at?: string | null;
                /** @description The event. */
                event: string;
                /** @description It goes on although it should have ended. */
                is_late: boolean;
                /** @description Until when its steps are kept, once it has ended. */
                kept_until?: string | null;
                /** @description step_up, delay, hold or block. */
                kind: string;
                placed_at: string;
                /**
                 * Format: int64
                 * @description Place of the event in the log; names the measure.
                 */
                sequence: number;
                /** @description placed, notified, identity_checked, released, carried_out or refused. */
                state: string;
                /** @description Its steps, in order; in a list it has none. */
                steps?: components["schemas"]["MeasureStep"][];
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_GatewayBody: {
            /** @description The things. */
            items: {
                /** @description Whether the messages go out by it that processors ask for. */
                carries_messages: boolean;
                /** @description The stable word for what was wrong; null unless it fails. */
                code?: string | null;
                /** @description Its name, by which a notice is sent. */
                name: string;
                /** @description The number that texts come from. */
                sender: string;
                /** @description unused, ok or failing: how it was when this server used it last. */
                state: string;
                /**
                 * Format: int32
                 * @description Most short messages a second by its contract; null when it does not say.
                 */
                texts_per_second?: number | null;
                /** @description When this server used it last, RFC 3339; null when it did not since it started. */
                used_at?: string | null;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_Holding: {
            /** @description The things. */
            items: {
                /** @description The disclosures that the person is in, oldest first. */
                disclosures: components["schemas"]["DisclosureBody"][];
                /** @description The name of the firm. */
                name: string;
                /** @description Its number: P-1. */
                processor: string;
                /** @description outsourcing or provision. */
                relation: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_IncidentBody: {
            /** @description The things. */
            items: {
                /** @description When the company came to know of it. */
                aware_at: string;
                closed_at?: string | null;
                /** @description Its number: L-1. */
                id: string;
                opened_at: string;
                opened_by: string;
                /** @description Who reported it, or whose copy it seems to be: P-1. */
                processor?: string | null;
                /** @description finding, tip or processor: from where it became known. */
                source: string;
                /** @description open or closed. */
                state: string;
                /** @description What people call it. */
                title: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_KeyBody: {
            /** @description The things. */
            items: {
                created_at: string;
                expires_at: string;
                /** @description Its number: Y-1. */
                id: string;
                revoked_at?: string | null;
                scopes: string[];
                used_at?: string | null;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_LineBody: {
            /** @description The things. */
            items: {
                actor: string;
                /** @description When it happened. */
                at: string;
                /** @description Counts, ids and words. */
                facts: {
                    [key: string]: unknown;
                };
                /** @description On what: an id, or empty. */
                object: string;
                /** @description When it was put on record. */
                recorded_at: string;
                /**
                 * Format: int32
                 * @description Counts the lines of the incident from 1.
                 */
                seq: number;
                /** @description What: incident.open, contain.prove, ... */
                what: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_ListMember: {
            /** @description The things. */
            items: {
                /** @description Its key, masked: it stands for a person. */
                key: string;
                /** @description What put it there. */
                reference?: string | null;
                /** @description From when on it counts no more. */
                until?: string | null;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_Look: {
            /** @description The things. */
            items: {
                /** @description What was done: subject.reveal, disclosure.issue, ... */
                action: string;
                /** @description Who. */
                actor: string;
                /** @description When. */
                at: string;
                /** @description On what: D-1, or which kinds were shown. */
                object: string;
                /** @description From where. */
                origin: string;
                /** @description Why. */
                purpose: string;
                /**
                 * Format: int64
                 * @description The row of the access log.
                 */
                seq: number;
                /**
                 * Format: int32
                 * @description How many people it was about.
                 */
                subjects: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_NoticeBody: {
            /** @description The things. */
            items: {
                /** @description Who agreed, and when. */
                approvals: components["schemas"]["NoticeApprovalBody"][];
                /** @description How many must. */
                approvals_needed: number;
                /** @description Who wrote it: S-1. */
                author: string;
                break_glass?: components["schemas"]["BreakGlassBody"] | null;
                /** @description SHA-256 of what is agreed to, hexadecimal. */
                digest: string;
                /** @description Its sending, once there is one: N-1. */
                dispatch?: string | null;
                drafted_at: string;
                /** @description The duty that it fulfils. */
                duty: string;
                /**
                 * Format: int32
                 * @description Counts the notices of the incident from 1.
                 */
                number: number;
                /** @description first or supplement. */
                stage: string;
                /** @description draft, previewed, approved, sending, sent or dropped. */
                state: string;
                template: string;
                /** @description The text in each language. */
                texts: {
                    [key: string]: string;
                };
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_OrderBody: {
            /** @description The things. */
            items: {
                /** @description What is cut: access, domains. */
                means: string;
                ordered_at: string;
                ordered_by: string;
                /** @description Whom: P-1. */
                processor: string;
                /** @description Ids, counts and times; the signed proof stands with the processor, by the number of the cut. */
                proof?: {
                    [key: string]: unknown;
                } | null;
                /** @description Absent until it is shown to be cut. */
                proved_at?: string | null;
                reason: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_PasskeyBody: {
            /** @description The things. */
            items: {
                /** @description When it was registered, RFC 3339. */
                created_at: string;
                /** @description Its number: F-1. */
                id: string;
                /** @description Whether copies of it exist, by its own word at its last use. */
                is_backed_up: boolean;
                /** @description What its owner calls it. */
                name: string;
                /** @description When it was revoked; absent while it works. */
                revoked_at?: string | null;
                /** @description The last sign-in by it. */
                used_at?: string | null;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_PostingBody: {
            /** @description The things. */
            items: {
                /**
                 * Format: int32
                 * @description For how many whole days it must stand.
                 */
                days: number;
                /** @description SHA-256 of the words that were agreed to, hexadecimal. */
                digest: string;
                ended_at?: string | null;
                ended_by?: string | null;
                ended_reason?: string | null;
                /** @description How a duty's clock names it as evidence: posting:1. */
                evidence: string;
                /** @description When its days are over. */
                full_at: string;
                /** @description Whether it can be read now. */
                is_standing: boolean;
                /**
                 * Format: int32
                 * @description Number of the notice whose words it shows.
                 */
                notice: number;
                /**
                 * Format: int32
                 * @description Counts all postings from 1.
                 */
                number: number;
                /** @description The page, byte by byte. */
                page: string;
                /** @description SHA-256 of the page, hexadecimal. */
                page_digest: string;
                /** @description Where it is read, at the public door. */
                path: string;
                posted_at: string;
                posted_by: string;
                /** @description What was counted, by day. */
                record: components["schemas"]["PostingDayBody"][];
                /** @description Its heading in each language. */
                titles: {
                    [key: string]: string;
                };
                /** @description Where its days are counted. */
                zone: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_ProcessorBody: {
            /** @description The things. */
            items: {
                /** @description Its number: P-1. */
                id: string;
                /** @description The name of the firm. */
                name: string;
                /** @description outsourcing or provision. */
                relation: string;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_StaffBody: {
            /** @description The things. */
            items: {
                created_at: string;
                /** @description When the account was disabled; null while it works. */
                disabled_at?: string | null;
                /** @description The last moment of an inspector. */
                expires_at?: string | null;
                /** @description Their number: S-1. */
                id: string;
                /** @description Login name. */
                name: string;
                /** @description Until when the one-time password works; null once a secret was chosen. */
                one_time_until?: string | null;
                /** @description Their role. */
                role: string;
                /** @description The only processor that an inspector sees: P-1. */
                scope?: string | null;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_TemplateBody: {
            /** @description The things. */
            items: {
                /** @description Whether that was given; the newest such text of a name is used. */
                agreed: boolean;
                /** @description Addresses and telephone numbers that it may name. */
                allowed: string[];
                /** @description The request for a second person's consent: A-1. */
                approval: string;
                created_at: string;
                /** @description Its number: W-1. */
                id: string;
                /** @description How the processor asks for it. */
                name: string;
                /** @description The text of each language. */
                texts: {
                    [key: string]: string;
                };
                /** @description Its holes. */
                variables: string[];
                /**
                 * Format: int32
                 * @description Counts the texts of that name.
                 */
                version: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A part of a list. */
        List_TraceLine: {
            /** @description The things. */
            items: {
                /**
                 * Format: int64
                 * @description The file's length.
                 */
                bytes: number;
                /** @description The file: E-1. */
                evidence: string;
                processor?: components["schemas"]["TraceHolder"] | null;
                /**
                 * Format: int64
                 * @description Rows that could be read.
                 */
                rows: number;
                /** @description SHA-256 of the file, hexadecimal. */
                sha256: string;
                /**
                 * Format: int32
                 * @description Different people on the signed list.
                 */
                subjects: number;
                /** @description Its number: T-1. */
                trace: string;
                traced_at: string;
                /** @description Where it came from, in one word: a lead, and a person decides. */
                verdict: string;
                /**
                 * Format: int32
                 * @description Counts the runs over that file from 1.
                 */
                version: number;
            }[];
            /**
             * Format: int64
             * @description Give this as `after` for what follows; absent at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description When the access log was checked. */
        LogBody: {
            /** @description Whether nothing was wrong then. */
            intact?: boolean | null;
            /**
             * Format: int64
             * @description Rows.
             */
            rows: number;
            /** @description ok, unknown or warning. */
            state: string;
            /** @description When it was checked last since this server started; null when it was not. */
            verified_at?: string | null;
        };
        /** @description One thing that is wrong with the log or its checkpoints. */
        LogFault: {
            /** @description When the checkpoint was taken that says otherwise. */
            at?: string | null;
            /** @description chain, rewritten, rolled_back or forged. */
            code: string;
            /**
             * Format: int64
             * @description The row; of a forged checkpoint its line in the anchor file.
             */
            row: number;
        };
        /** @description An act that was about a person, alone or among others. */
        Look: {
            /** @description What was done: subject.reveal, disclosure.issue, ... */
            action: string;
            /** @description Who. */
            actor: string;
            /** @description When. */
            at: string;
            /** @description On what: D-1, or which kinds were shown. */
            object: string;
            /** @description From where. */
            origin: string;
            /** @description Why. */
            purpose: string;
            /**
             * Format: int64
             * @description The row of the access log.
             */
            seq: number;
            /**
             * Format: int32
             * @description How many people it was about.
             */
            subjects: number;
        };
        /** @description A clock. */
        MachineClock: {
            /** @description What it shows, RFC 3339 with milliseconds. */
            now: string;
            /** @description ok, unknown or warning. */
            state: string;
        };
        /** @description One masked value. */
        MaskedBody: {
            /** @description Which kind: phone. */
            kind: string;
            /** @description Its first character, or nothing of it. */
            masked: string;
        };
        /** @description That the customer was told. */
        MeasureNotice: {
            /** @description By which channel: sms, call, app, letter. */
            how: string;
        };
        /** @description Why a measure ends before its time. */
        MeasureReason: {
            /** @description In words without personal data; kept for five years. */
            reason: string;
        };
        /** @description A step of a temporary measure. */
        MeasureStep: {
            at: string;
            /** @description A staff name; rules or clock for what nobody did by hand. */
            by: string;
            /** @description Channel of a notice, way of an identity check. */
            how: string;
            reason: string;
            /**
             * @description placed, notified, identity_checked, identity_failed, release_asked, release_withdrawn,
             *     released, carried_out or refused.
             */
            step: string;
        };
        /** @description A message and how it stands. */
        MessageBody: {
            /** @description Its number: X-1. */
            message: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description queued, sent, delivered, failed or in_doubt. */
            state: string;
        };
        /** @description A model, and what a person must know of it before letting it judge. */
        ModelBody: {
            /** @description Version of the feature set that it was trained with. */
            feature_set: string;
            /** @description Its features, in its own order. */
            features: string[];
            hold_out?: components["schemas"]["HoldOutBody"] | null;
            /**
             * Format: int32
             * @description Days after which the labels of the training rows were taken for known.
             */
            label_delay_days?: number | null;
            /** @description The same in English. */
            limits_en: string;
            /** @description What it must not be used for, Korean. */
            limits_ko: string;
            /** Format: int64 */
            nodes: number;
            /** @description Where it was made. */
            origin: string;
            /**
             * Format: int64
             * @description Seed of the trainer's chance.
             */
            seed?: number | null;
            /** @description The trainer's settings as name = value. */
            settings: string[];
            /** @description What people call it. */
            title: string;
            /** @description Who trained it. */
            trained_by: string;
            training?: components["schemas"]["SampleBody"] | null;
            /** Format: int64 */
            trees: number;
            /** @description BLAKE3 of it, in hex. */
            version: string;
        };
        /** @description The model in force. */
        ModelInForce: {
            model?: components["schemas"]["ModelBody"] | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A feature that moved the model's score. */
        MovedFeature: {
            /**
             * Format: double
             * @description By how much, in the model's own units; upwards.
             */
            contribution: number;
            /** @description Its name. */
            name: string;
        };
        /** @description Something that decisions are made with. */
        NamedVersion: {
            /** @description What it calls itself. */
            name: string;
            /** @description BLAKE3 of what it is and its content, in hex. */
            version: string;
        };
        /** @description Pseudonyms of the newest epoch. */
        New: {
            /** @description One for each that was sent, in that order; null for what was not given to the processor. */
            pseudonyms: (string | null)[];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A case to be opened. */
        NewCase: {
            /** @description Open alerts that belong to no case. */
            alerts: number[];
            /** @description What people call it; no personal data. */
            title: string;
        };
        /** @description A note to be added. */
        NewCaseNote: {
            /** @description In words without personal data; never changed. */
            text: string;
        };
        /**
         * @description What is to be given to whom. Real values need a second person's consent: ask for it with the
         *     same order at `/api/v1/disclosures/raw`, then name the request here.
         */
        NewDisclosure: {
            /** @description The request to which a second person agreed, for real values: A-1. */
            approval?: string | null;
            /**
             * Format: int32
             * @description How many invented people to plant; one in a hundred when absent.
             */
            canaries?: number | null;
            /** @description Pseudonyms that join with other deliveries for this purpose. */
            domain_wide?: boolean;
            /** @description Kinds, in the order of the columns: nickname, ci. */
            fields: string[];
            /** @description A registered processor: P-1. */
            processor: string;
            /** @description What it may be used for. */
            purpose: string;
            /** @description When the data must be returned, RFC 3339. */
            return_by?: string | null;
            /** @description all, language=ko, first:N, sample:N or sample:N:SEED. */
            subjects: string;
        };
        /** @description A rehearsal. */
        NewDrill: {
            /**
             * Format: int64
             * @description Makes the same people, leak and faults again; drawn when absent.
             */
            seed?: number | null;
            /**
             * Format: int32
             * @description Invented people whose data leaks: 100 to 50,000. Larger drills go by the command line.
             */
            subjects?: number;
            /** @description Whether the drill's own gateway misbehaves. */
            trouble?: boolean;
        };
        /** @description What is known. */
        NewFacts: {
            /** @description Names and values in the words of the rule table; an empty value: not known any more. */
            facts: {
                [key: string]: string;
            };
        };
        /** @description A lead. */
        NewIncident: {
            /** @description When the company came to know of it, RFC 3339; clocks hang on it. */
            aware_at: string;
            /** @description Who reported it, or whose copy it seems to be: P-1. */
            processor?: string | null;
            /** @description finding, tip or processor: from where it became known. */
            source: string;
            /** @description What people will call it, 1 to 200 characters; names nobody. */
            title: string;
        };
        /** @description What a new key is for. */
        NewKey: {
            /**
             * Format: int32
             * @description For how many days it works, 1 to 366.
             */
            days: number;
            /** @description deliveries:read, sandbox:read, messages:write, pseudonyms:remap, transactions:decide. */
            scopes: string[];
        };
        /** @description What became known of an event. */
        NewLabel: {
            /** @description The event's id. */
            event: string;
            /** @description Whether it was fraud. */
            fraud: boolean;
            /** @description When that became known, RFC 3339; now, where it is left out. */
            known?: string | null;
        };
        /** @description A person of the identity provider. */
        NewLink: {
            /** @description The provider's own name for them (`sub`); never an e-mail address, which may pass on. */
            subject: string;
        };
        /** @description A member that comes. */
        NewMember: {
            /** @description What rules compare with: a pseudonym, an account, a device. */
            key: string;
            /** @description What puts it there: an incident, a disclosure. */
            reference?: string | null;
            /** @description From when on it counts no more, RFC 3339. */
            until?: string | null;
        };
        /** @description What is to be said to whom. */
        NewMessage: {
            /** @description The name of a text that staff registered for the processor. */
            template: string;
            /** @description A pseudonym that the processor was given: a CI, DI, name or e-mail address of ours. */
            to: string;
            /** @description What stands in its holes: up to 60 characters each, no links, no telephone numbers. */
            values?: {
                [key: string]: string;
            };
        };
        /** @description Which notice is to be written. Its words come from the record and the settings alone. */
        NewNotice: {
            /** @description The duty that it fulfils: kr-pipa-notice-2026. */
            duty: string;
            /** @description first, or supplement: what the first could not say. */
            stage: string;
        };
        /** @description Whom to cut off, and why. */
        NewOrder: {
            /** @description Whom: P-1; the incident's own when absent. */
            processor?: string | null;
            /** @description Why, in words without personal data: it is shown to the processor. */
            reason: string;
        };
        /** @description A new passkey. */
        NewPasskey: {
            /** @description What the browser gave, with bytes in base64url: `PublicKeyCredential.toJSON()`. */
            answer: unknown;
            /** @description What its owner calls it. */
            name: string;
        };
        /** @description Which notice is put up. Its words are those that two people agreed to. */
        NewPosting: {
            /**
             * Format: int32
             * @description For how many whole days it must stand; as many as the law asks when absent.
             */
            days?: number | null;
            /** @description SHA-256 of its words, hexadecimal, as its preview shows it. */
            digest: string;
            /**
             * Format: int32
             * @description Number of the notice in the incident.
             */
            notice: number;
        };
        /** @description A new processor. */
        NewProcessor: {
            /** @description The name of the firm, 5 to 200 characters. */
            name: string;
            /** @description outsourcing (PIPA Article 26) or provision (Article 17). */
            relation: string;
        };
        /** @description Which report. */
        NewReport: {
            /** @description The duty that asks for it: kr-pipa-report-2026. */
            duty: string;
        };
        /** @description What is to change. What is left out stays as it is. */
        NewSetup: {
            /** @description A second person's consent to exactly this: A-1. */
            approval?: string | null;
            /** @description The features, TOML. Their windows are made from the whole log before they hold. */
            features?: string | null;
            /** @description The model, as `doldam fraud train` writes it; empty for none. */
            model?: string | null;
            /** @description The rule set, TOML. */
            rules?: string | null;
            /** @description A rule set that runs beside and decides nothing; empty for none. */
            shadow?: string | null;
            /** @description Why, without personal data; kept for ever. */
            why: string;
        };
        /** @description Who is to be brought in. */
        NewStaff: {
            /** @description Of an inspector: the last moment, RFC 3339. */
            expires_at?: string | null;
            /** @description Login name. */
            name: string;
            /** @description Of an inspector: the processor to inspect, P-1. */
            processor?: string | null;
            /** @description privacy-officer, approver, engineer, analyst, auditor or inspector. */
            role: string;
        };
        /** @description A text that a processor may have sent. */
        NewTemplate: {
            /** @description Addresses and telephone numbers that it may name. */
            allowed?: string[];
            /** @description How the processor asks for it: lower-case letters, digits and dashes. */
            name: string;
            /** @description The text of each language (ko, en); a hole is `{{ name }}`. */
            texts: {
                [key: string]: string;
            };
        };
        /** @description A signed list of people who are hit. */
        NewTrace: {
            /** @description Since when their part is known, RFC 3339; now when absent. */
            known_at?: string | null;
            /** @description The trace: T-1. */
            trace: string;
        };
        /** @description Somebody's consent. */
        NoticeApprovalBody: {
            approved_at: string;
            /** @description Who: S-2. */
            staff: string;
        };
        /** @description A notice. */
        NoticeBody: {
            /** @description Who agreed, and when. */
            approvals: components["schemas"]["NoticeApprovalBody"][];
            /** @description How many must. */
            approvals_needed: number;
            /** @description Who wrote it: S-1. */
            author: string;
            break_glass?: components["schemas"]["BreakGlassBody"] | null;
            /** @description SHA-256 of what is agreed to, hexadecimal. */
            digest: string;
            /** @description Its sending, once there is one: N-1. */
            dispatch?: string | null;
            drafted_at: string;
            /** @description The duty that it fulfils. */
            duty: string;
            /**
             * Format: int32
             * @description Counts the notices of the incident from 1.
             */
            number: number;
            /** @description first or supplement. */
            stage: string;
            /** @description draft, previewed, approved, sending, sent or dropped. */
            state: string;
            template: string;
            /** @description The text in each language. */
            texts: {
                [key: string]: string;
            };
        };
        /** @description What is to be exchanged. */
        Old: {
            /** @description Which kind they stand for: ci, di, name or email. */
            kind: string;
            /** @description Up to 10,000 pseudonyms. */
            pseudonyms: string[];
            /** @description For what they were given, in the words of the delivery. */
            purpose: string;
        };
        /** @description Where to look. */
        OnItsWay: {
            /** @description The sending: N-1. */
            dispatch?: string | null;
            /** @description Where its progress is to be seen. */
            progress: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description One answer, or one for each event. */
        OneOrMany: components["schemas"]["DecisionAnswer"] | components["schemas"]["DecisionAnswers"];
        /** @description An order to cut something off. */
        OrderBody: {
            /** @description What is cut: access, domains. */
            means: string;
            ordered_at: string;
            ordered_by: string;
            /** @description Whom: P-1. */
            processor: string;
            /** @description Ids, counts and times; the signed proof stands with the processor, by the number of the cut. */
            proof?: {
                [key: string]: unknown;
            } | null;
            /** @description Absent until it is shown to be cut. */
            proved_at?: string | null;
            reason: string;
        };
        /** @description A passkey, without its key. */
        PasskeyBody: {
            /** @description When it was registered, RFC 3339. */
            created_at: string;
            /** @description Its number: F-1. */
            id: string;
            /** @description Whether copies of it exist, by its own word at its last use. */
            is_backed_up: boolean;
            /** @description What its owner calls it. */
            name: string;
            /** @description When it was revoked; absent while it works. */
            revoked_at?: string | null;
            /** @description The last sign-in by it. */
            used_at?: string | null;
        };
        /** @description What an authenticator is asked for. */
        PasskeyChallenge: {
            /**
             * @description For the browser's `navigator.credentials` (Web Authentication, Level 3), with bytes in
             *     base64url.
             */
            options: unknown;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A passkey that was kept. */
        PasskeyKept: {
            /** @description Its number: F-1. */
            id: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description What a passkey answered. */
        PasskeySignIn: {
            /** @description What the browser gave, with bytes in base64url: `PublicKeyCredential.toJSON()`. */
            answer: unknown;
        };
        /** @description What stands in an old file, in counts and kinds: nobody's data. */
        PastPreview: {
            /**
             * Format: int64
             * @description Its length.
             */
            bytes: number;
            /** @description Kinds of its columns, in their order. */
            fields: string[];
            /** @description To whom it was given: P-1. */
            processor: string;
            /** @description The disclosure as which this very file is recorded already: D-1. */
            recorded_as?: string | null;
            /**
             * Format: int64
             * @description Rows that are one of our subjects.
             */
            rows: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description SHA-256 of the file, hexadecimal. */
            sha256: string;
            /**
             * Format: int64
             * @description Rows that are nobody of ours.
             */
            strangers: number;
            /**
             * Format: int64
             * @description Different subjects in it.
             */
            subjects: number;
            /**
             * Format: int64
             * @description Rows that could not be read.
             */
            unreadable: number;
        };
        /** @description A hand-over of the past that is on record now. */
        PastRecorded: {
            /** @description The disclosure. */
            disclosure: components["schemas"]["DisclosureBody"];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * Format: int32
             * @description Rows of the file that are nobody of ours.
             */
            strangers: number;
        };
        /** @description A page of people. */
        PeoplePage: {
            /** @description The people, in an order of their own. */
            items: components["schemas"]["PersonHit"][];
            /** @description Give this as `after` for what follows; absent at the end. */
            next?: string | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A person's part in an incident, and nothing of the person. */
        PersonHit: {
            /** @description exact: named by a unique value or a keyed pseudonym. */
            grade: string;
            /** @description How addresses name this person: works for whoever asked, for half a day. */
            id: string;
            /** @description Since when it is known. */
            known_at: string;
            /** @description Each notice to them. */
            told: components["schemas"]["Told"][];
            /** @description The signed list that names them first: T-1. */
            trace: string;
        };
        /** @description How many persons' clocks are in which state. */
        PersonsBody: {
            /** Format: int64 */
            overdue: number;
            /** Format: int64 */
            paused: number;
            /** Format: int64 */
            running: number;
            /** Format: int64 */
            stopped_in_time: number;
            /** Format: int64 */
            stopped_late: number;
            /** Format: int64 */
            waiting: number;
        };
        /** @description A notice on the web site and the record of it. */
        PostingBody: {
            /**
             * Format: int32
             * @description For how many whole days it must stand.
             */
            days: number;
            /** @description SHA-256 of the words that were agreed to, hexadecimal. */
            digest: string;
            ended_at?: string | null;
            ended_by?: string | null;
            ended_reason?: string | null;
            /** @description How a duty's clock names it as evidence: posting:1. */
            evidence: string;
            /** @description When its days are over. */
            full_at: string;
            /** @description Whether it can be read now. */
            is_standing: boolean;
            /**
             * Format: int32
             * @description Number of the notice whose words it shows.
             */
            notice: number;
            /**
             * Format: int32
             * @description Counts all postings from 1.
             */
            number: number;
            /** @description The page, byte by byte. */
            page: string;
            /** @description SHA-256 of the page, hexadecimal. */
            page_digest: string;
            /** @description Where it is read, at the public door. */
            path: string;
            posted_at: string;
            posted_by: string;
            /** @description What was counted, by day. */
            record: components["schemas"]["PostingDayBody"][];
            /** @description Its heading in each language. */
            titles: {
                [key: string]: string;
            };
            /** @description Where its days are counted. */
            zone: string;
        };
        /** @description A day of a posting, in its zone. */
        PostingDayBody: {
            day: string;
            /**
             * Format: int64
             * @description How often we looked for ourselves and found exactly the page.
             */
            held: number;
            /**
             * Format: int64
             * @description How often we looked and did not.
             */
            missed: number;
            /**
             * Format: int64
             * @description How often it was read.
             */
            served: number;
        };
        /** @description Why a notice is taken down. */
        PostingEnd: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description A notice as it will be sent. */
        PreviewBody: {
            /** @description Bytes of CP949 that each takes: what the operator bills it as. */
            bytes: {
                [key: string]: number;
            };
            /** @description SHA-256 of what is to be agreed to, hexadecimal. */
            digest: string;
            /**
             * Format: int64
             * @description How many people are hit; whoever was told in this stage already is not told again.
             */
            people: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description The text in each language. */
            texts: {
                [key: string]: string;
            };
        };
        /** @description What is sent: `application/problem+json`. */
        ProblemBody: {
            /** @description A stable word for programs. */
            code: string;
            /** @description What is wrong and what to do. */
            detail: string;
            /** @description The field that is at fault, where it is one. */
            field?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description Always about:blank: the code says more. */
            type: string;
        };
        /** @description An outside party. */
        ProcessorBody: {
            /** @description Its number: P-1. */
            id: string;
            /** @description The name of the firm. */
            name: string;
            /** @description outsourcing or provision. */
            relation: string;
        };
        /** @description A processor and the orders to cut it off. */
        ProcessorShown: {
            /** @description Orders to cut it off, oldest first. */
            cuts: components["schemas"]["CutBody"][];
            /** @description The processor. */
            processor: components["schemas"]["ProcessorBody"];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            standing?: components["schemas"]["StandingBody"] | null;
        };
        /** @description How a sending stands. */
        Progress: {
            counts: components["schemas"]["CountsBody"];
            /** @description N-1. */
            dispatch?: string | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description sending, or sent when it is finished. */
            state: string;
            /** @description What the server does about it. */
            worker: components["schemas"]["WorkerBody"];
        };
        /** @description What a replay of the log showed. */
        ProofBody: {
            /** @description When it was made. */
            at: string;
            /**
             * Format: int64
             * @description Events whose decision came out otherwise than it stands in the log.
             */
            different: number;
            /**
             * Format: int64
             * @description Entries that were replayed.
             */
            entries: number;
            /**
             * Format: int64
             * @description Events among them.
             */
            events: number;
            /**
             * Format: int64
             * @description Place of the first of them.
             */
            first_different?: number | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description What may be fetched, and for how long. */
        Publication: {
            /**
             * Format: int32
             * @description 1 to 90.
             */
            days: number;
            /** @description D-1. */
            disclosure: string;
        };
        /** @description What a second person was asked. */
        RawRequest: {
            /** @description The request: A-1. Whoever asked names it in the same order once somebody agreed. */
            approval: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description Why an account is disabled. */
        Reason: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description Why a new epoch is opened. */
        RenewReason: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description A report to a regulator as far as the record answers it. */
        ReportDraft: {
            /** @description The last moment, or `unknown`. */
            deadline: string;
            /** @description Always report_draft. */
            document: string;
            /** @description The duty that asks for it. */
            duty: string;
            /** @description L-1 */
            incident: string;
            /** @description What is asked, by its name in the rule table. */
            items: {
                [key: string]: components["schemas"]["ReportItem"];
            };
            prepared_at: string;
            /** @description Where it goes: one of each list. */
            recipients: string[][];
            /** @description The digest of the rule table. */
            rule_table: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description The instrument and the article. */
            source: string;
            title: components["schemas"]["TextBody"];
        };
        /** @description What a report is asked. */
        ReportItem: {
            /** @description What the record says, in words, lists and counts of its own; `unknown` where it says nothing. */
            answer: unknown;
            asks: components["schemas"]["TextBody"];
        };
        /** @description A decision. */
        Resolution: {
            /** @description resend or give_up. */
            decision: string;
            /** @description Which, as the list of those in doubt says it. */
            doubt: string;
            /** @description Why, in words without personal data. */
            reason: string;
        };
        /** @description With whose consent a processor comes in again. */
        ResumeConsent: {
            /** @description The request to which a second person agreed: A-1. The log takes the reason from there. */
            approval: string;
        };
        /** @description Why a processor may come in again. */
        ResumeReason: {
            /** @description In words without personal data. */
            reason: string;
        };
        /** @description What a second person was asked. */
        ResumeRequest: {
            /** @description The request: A-1. Whoever asked names it at `/resume` once somebody agreed. */
            approval: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description What works again. */
        Resumed: {
            /** @description Its pseudonym domains that work now: M-1. Keys are issued anew. */
            domains: string[];
            /** @description Its number: P-1. */
            processor: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description What to show. */
        Reveal: {
            /** @description Which kinds, one at least: phone. Resident numbers are for privacy officers only. */
            kinds: string[];
            /** @description Why, for the access log: 5 to 200 characters that name the case, not the person. */
            purpose: string;
        };
        /** @description What is shown. */
        RevealedBody: {
            /**
             * Format: int32
             * @description Hide them after so many seconds.
             */
            expires_in: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description The values of the kinds that were asked for, as far as they are held. */
            values: components["schemas"]["RevealedValue"][];
        };
        /** @description One value. */
        RevealedValue: {
            /** @description The import that first brought it: I-1. */
            import?: string | null;
            /** @description Which kind. */
            kind: string;
            /** @description The value. */
            value: string;
        };
        /** @description What a draft would be. */
        RuleCheck: {
            /** @description From which score on what is done, strongest first. */
            bands: components["schemas"]["FraudBand"][];
            /**
             * Format: int32
             * @description The most that one event would cost, in units of roughly a nanosecond.
             */
            cost?: number | null;
            /**
             * @description Everything that is wrong with it, in the order of the places; none where it can be put in
             *     force.
             */
            faults: components["schemas"]["DraftFault"][];
            /** @description Its rules, compiled; none where anything is wrong. */
            rules: components["schemas"]["FraudRule"][];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A draft. */
        RuleDraft: {
            /** @description The rule set, TOML. */
            text: string;
        };
        /** @description How one rule set did. */
        RuleSetTally: {
            /** @description Events by action. */
            actions: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Customers with at least one event that was stopped.
             */
            customers: number;
            /**
             * Format: int64
             * @description Frauds among them.
             */
            hits: number;
            /**
             * Format: int64
             * @description Frauds that passed.
             */
            missed: number;
            /**
             * Format: double
             * @description Frauds among the highest scores of each day, as many as people can look at, over all that
             *     they would look at.
             */
            precision_at_capacity?: number | null;
            /**
             * Format: int64
             * @description Events with another action than allow.
             */
            stopped: number;
        };
        /** @description Rows that a model has seen or was measured on. */
        SampleBody: {
            /**
             * Format: int64
             * @description Frauds among them.
             */
            frauds: number;
            /** @description First day. */
            from: string;
            /**
             * Format: int64
             * @description Transactions.
             */
            rows: number;
            /** @description Last day, inclusive. */
            to: string;
        };
        /** @description Invented people with the fields that the processor is given. */
        Sandbox: {
            /** @description The fields. */
            fields: string[];
            /** @description Always true: nobody of these exists. */
            invented: boolean;
            /** @description One object a person. */
            rows: {
                [key: string]: string;
            }[];
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description Whom to look for. */
        Search: {
            /** @description Which kind: phone, email, ci, nickname, ... */
            kind: string;
            /** @description Why, for the access log: 5 to 200 characters that name the case, not the person. */
            purpose: string;
            /** @description The whole value, in any usual spelling. */
            value: string;
        };
        /** @description Who is signed in. */
        SessionBody: {
            /** @description The session's last moment, RFC 3339. */
            expires_at: string;
            /** @description What they may do, by method and path as in this document: `GET /api/v1/traces`. */
            may: string[];
            /** @description The nouns that this server has: what is off is not among them. */
            modules: string[];
            /** @description Whether they came in with a one-time password and must choose a secret first. */
            must_choose_secret: boolean;
            /** @description Their login name. */
            name: string;
            /** @description Their role. */
            role: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description Number of the member of staff: S-1. */
            staff: string;
        };
        /** @description What decides from now on. */
        SetupInForce: {
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description The set-up with its place in the log. */
            setup: components["schemas"]["FraudSetup"];
        };
        /** @description What a second person was asked. */
        SetupRequest: {
            /** @description The request: A-1. Whoever asked names it with the same set-up once somebody agreed. */
            approval: string;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description Another alert and what it shares. */
        Sharing: {
            alert: components["schemas"]["FraudAlert"];
            /** @description account, payee, device. */
            by: string[];
        };
        /** @description What shows that a duty is fulfilled. */
        Shown: {
            /** @description When the duty was fulfilled, RFC 3339; now when absent. */
            happened_at?: string | null;
            /** @description A word of the rule table: regulator_receipt, posting_proof, ... */
            kind: string;
            /** @description Where it is: letters, digits and . _ : / # - */
            reference: string;
        };
        /** @description Who wants to sign in. */
        SignIn: {
            /** @description Login name. */
            name: string;
            /** @description Passphrase, or the one-time password. */
            secret: string;
        };
        /** @description How staff come in besides by a passphrase. */
        SignInBody: {
            /** @description By passkeys: `[sign_in]` says, or the server knows, at which address people come. */
            passkey: boolean;
            /** @description At the company's identity provider. */
            sso: boolean;
            /** @description ok, or warning where there is the passphrase alone. */
            state: string;
        };
        /** @description Whether one officer may carry an act alone. */
        SmallTeam: {
            /** @description Whether this installation is a small team. */
            on: boolean;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description Since when. */
            since?: string | null;
        };
        /** @description A member of staff. */
        StaffBody: {
            created_at: string;
            /** @description When the account was disabled; null while it works. */
            disabled_at?: string | null;
            /** @description The last moment of an inspector. */
            expires_at?: string | null;
            /** @description Their number: S-1. */
            id: string;
            /** @description Login name. */
            name: string;
            /** @description Until when the one-time password works; null once a secret was chosen. */
            one_time_until?: string | null;
            /** @description Their role. */
            role: string;
            /** @description The only processor that an inspector sees: P-1. */
            scope?: string | null;
        };
        /** @description That a processor is cut off, and whether it may come in again. */
        StandingBody: {
            /** @description Whether somebody agreed: then whoever asked may let the processor in. */
            agreed: boolean;
            /** @description The newest request to undo it: A-1. */
            approval?: string | null;
            /** @description The cut: C-1. */
            cut: string;
            /** @description Who asked: S-1. */
            requested_by?: string | null;
        };
        /** @description How many duties have new clocks. */
        Started: {
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /**
             * Format: int64
             * @description Duties whose clocks were started for somebody.
             */
            started: number;
        };
        /** @description One person, under masks. */
        SubjectBody: {
            /** @description How addresses name this person: works for whoever asked, for half a day. */
            id: string;
            /** @description In which language the person is told: ko. */
            language: string;
            /** @description The roles that can read in the access log who looked and why. */
            seen_by: string[];
            /** @description Each kind with its masked value. */
            values: components["schemas"]["MaskedBody"][];
        };
        /** @description A person, or that they were erased. */
        SubjectShown: {
            erasure?: components["schemas"]["ErasureBody"] | null;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            subject?: components["schemas"]["SubjectBody"] | null;
        };
        /** @description How many people are enrolled. */
        Subjects: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
        };
        /** @description A text that staff registered for a processor. */
        TemplateBody: {
            /** @description Whether that was given; the newest such text of a name is used. */
            agreed: boolean;
            /** @description Addresses and telephone numbers that it may name. */
            allowed: string[];
            /** @description The request for a second person's consent: A-1. */
            approval: string;
            created_at: string;
            /** @description Its number: W-1. */
            id: string;
            /** @description How the processor asks for it. */
            name: string;
            /** @description The text of each language. */
            texts: {
                [key: string]: string;
            };
            /** @description Its holes. */
            variables: string[];
            /**
             * Format: int32
             * @description Counts the texts of that name.
             */
            version: number;
        };
        /** @description A text in each language. */
        TextBody: {
            en: string;
            ko: string;
        };
        /** @description How far a notice to one person is. */
        Told: {
            /** @description When it was delivered, failed or expired. */
            ended_at?: string | null;
            /** @description first, supplement, ... */
            stage: string;
            /** @description planned, intent, accepted, delivered, failed, expired or `in_doubt`. */
            state: string;
        };
        /** @description Planted people of one disclosure. */
        TraceCanaries: {
            /**
             * Format: int64
             * @description Different planted people who were met.
             */
            canaries: number;
            /** @description D-3 */
            disclosure: string;
            /** @description Lines of the first of these rows. */
            row_lines: number[];
            /**
             * Format: int64
             * @description Rows about them.
             */
            rows: number;
        };
        /** @description What one column holds. */
        TraceColumn: {
            /**
             * Format: int64
             * @description Its place, from 1. Its name is not told: a first row may be a person's.
             */
            column: number;
            /** @description How its texts are read, best known first. */
            readings: components["schemas"]["TraceReading"][];
        };
        /** @description One disclosure's part in a file. */
        TraceDisclosure: {
            /** @description D-3 */
            id: string;
            /** @description Who received it: P-3. */
            processor: string;
            reasons: components["schemas"]["TraceReason"][];
            /**
             * Format: int64
             * @description Rows that this copy explains.
             */
            rows: number;
            /**
             * Format: double
             * @description The probability that the file holds rows of this copy.
             */
            score: number;
            /** @description Why, in English. */
            why: string;
        };
        /** @description One row that could not be read. */
        TraceFault: {
            /**
             * Format: int64
             * @description The line on which it begins, from 1.
             */
            line: number;
            /** @description Why, without any of its content. */
            reason: string;
        };
        /** @description Rows that could not be read. */
        TraceFaults: {
            /** @description The first of them. */
            shown: components["schemas"]["TraceFault"][];
            /** Format: int64 */
            total: number;
        };
        /** @description Who held a copy. */
        TraceHolder: {
            /** @description P-1, or `ours`. */
            id: string;
            name: string;
            /**
             * Format: double
             * @description The probability that the file holds rows of its copies.
             */
            score: number;
            /** Format: double */
            share: number;
        };
        /** @description A run of the tracer in a line. */
        TraceLine: {
            /**
             * Format: int64
             * @description The file's length.
             */
            bytes: number;
            /** @description The file: E-1. */
            evidence: string;
            processor?: components["schemas"]["TraceHolder"] | null;
            /**
             * Format: int64
             * @description Rows that could be read.
             */
            rows: number;
            /** @description SHA-256 of the file, hexadecimal. */
            sha256: string;
            /**
             * Format: int32
             * @description Different people on the signed list.
             */
            subjects: number;
            /** @description Its number: T-1. */
            trace: string;
            traced_at: string;
            /** @description Where it came from, in one word: a lead, and a person decides. */
            verdict: string;
            /**
             * Format: int32
             * @description Counts the runs over that file from 1.
             */
            version: number;
        };
        /** @description The origin in one word. */
        TraceOrigin: {
            reasons: components["schemas"]["TraceReason"][];
            /** @description nobody, ours, processor or several. It is a lead: a person decides. */
            verdict: string;
            /** @description Why, in English. */
            why: string;
        };
        /** @description One holder's part in a file. */
        TraceProcessor: {
            /** @description P-3, or `ours`. */
            id: string;
            name: string;
            reasons: components["schemas"]["TraceReason"][];
            /**
             * Format: int64
             * @description Rows that this holder's copies explain.
             */
            rows: number;
            /**
             * Format: double
             * @description The probability that the file holds rows of this holder's copies.
             */
            score: number;
            /**
             * Format: double
             * @description Their part of the known rows.
             */
            share: number;
            /** @description Why, in English. */
            why: string;
        };
        /** @description One way of reading a column. */
        TraceReading: {
            /** @description value, pseudonym or text. */
            as: string;
            /**
             * Format: int64
             * @description Texts of the sample that were asked for.
             */
            asked: number;
            /** @description Whether the header names this kind. */
            by_header: boolean;
            /**
             * Format: int64
             * @description How many of them are known.
             */
            hits: number;
            /** @description The kind, or the kind whose shape the pseudonyms have; `short` for their short form. */
            kind: string;
        };
        /** @description A reason for or against a source: a code, and the counts that it comes with. */
        TraceReason: {
            /** Format: int64 */
            canaries?: number;
            /** @description bound_pseudonyms, canaries, members, order, ... */
            code: string;
            /** @description Kinds that the source never contained. */
            kinds?: string[];
            /**
             * Format: int64
             * @description Known people of the file, or known rows.
             */
            known?: number;
            /**
             * Format: int64
             * @description Of how many.
             */
            of?: number;
            /** Format: int64 */
            rows?: number;
            /**
             * Format: int64
             * @description People whom the source contained.
             */
            size?: number;
            /** @description Disclosures that explain the file as well: D-3. */
            with?: string[];
        };
        /** @description The report of a trace: counts, ids and reasons, nobody's data. */
        TraceReport: {
            /**
             * Format: int64
             * @description Rows about one of several of our people.
             */
            ambiguous_rows: number;
            attribution: components["schemas"]["TraceOrigin"];
            /** @description Planted people who were met, by disclosure. */
            canaries: components["schemas"]["TraceCanaries"][];
            /**
             * Format: int64
             * @description Rows of strangers whose nickname one of our people has too.
             */
            coincidences: number;
            /** @description What each column holds. */
            columns: components["schemas"]["TraceColumn"][];
            /**
             * Format: int64
             * @description Rows in which two values name two people; the stronger value was believed.
             */
            conflicts: number;
            /** @description Which disclosures it is of, best first. */
            disclosures: components["schemas"]["TraceDisclosure"][];
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            elapsed_ms: number;
            /**
             * Format: int64
             * @description Rows with a genuine pseudonym of somebody who was erased since.
             */
            erased_rows: number;
            /** @description The file: E-1. */
            evidence: string;
            faults: components["schemas"]["TraceFaults"];
            /** @description Who held the copy, best first; our own copy has the id `ours`. */
            processors: components["schemas"]["TraceProcessor"][];
            /**
             * Format: int64
             * @description Rows about a person who already stood in the file.
             */
            repeats: number;
            /**
             * Format: int64
             * @description Rows that could be read.
             */
            rows: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            subjects: components["schemas"]["TraceSubjects"];
            /** @description Its number: T-1. */
            trace: string;
            /**
             * Format: int64
             * @description Rows about nobody that we know.
             */
            unknown_rows: number;
        };
        /** @description Different people of a file. */
        TraceSubjects: {
            /**
             * Format: int64
             * @description Named by an exact unique value or by a keyed pseudonym.
             */
            exact: number;
            /**
             * Format: int64
             * @description Those, and people who are named with a doubt.
             */
            total: number;
        };
        /** @description A sentence in both languages. */
        TwoTongues: {
            /** @description English. */
            en: string;
            /** @description Korean. */
            ko: string;
        };
        /** @description What a rule set said. */
        VerdictBody: {
            action: string;
            /** @description The rules that could not be evaluated. */
            faulted: components["schemas"]["FaultedRule"][];
            /** @description The rules that fired. */
            rules: components["schemas"]["FiredRule"][];
            /**
             * Format: int32
             * @description 0 to 100.
             */
            score: number;
        };
        /** @description What a check of the whole log found. */
        Verification: {
            /**
             * @description Whether checkpoints outside the data folder were there to compare with. Without them a log
             *     that was rewritten as a whole looks intact.
             */
            anchored: boolean;
            /** @description Signed checkpoints that were compared with it. */
            checkpoints: number;
            /** @description What is wrong, in English. */
            faults: string[];
            /** @description Whether nothing is wrong. */
            intact: boolean;
            /** @description The same, for whoever says it in another language. */
            places: components["schemas"]["LogFault"][];
            /** Format: int64 */
            rows: number;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            verified_at: string;
        };
        /** @description How staff may sign in here. */
        WaysBody: {
            /** @description By a passkey. */
            passkey: boolean;
            /**
             * Format: int32
             * @description Always 1.
             */
            schema: number;
            /** @description At the company's identity provider. */
            sso: boolean;
        };
        /** @description What the server does about a sending. */
        WorkerBody: {
            /** @description What it waits for, as a stable word. */
            code?: string | null;
            /** @description What it waits for, in words. */
            detail?: string | null;
            next_try_at?: string | null;
            /** @description sending, listening, waiting, settled or none. */
            state: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
