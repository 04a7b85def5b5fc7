//! The words in which the facts of an incident are told.

use super::words;

words! {
    /// What the acting party is in law. One party may be several.
    Role in "role" {
        Controller = "controller",
        Processor = "processor",
        Recipient = "recipient",
        FinancialCompany = "financial_company",
        VirtualAssetExchange = "virtual_asset_exchange",
        CiUser = "ci_user",
        UsRegistrant = "us_registrant",
    }
}

words! {
    /// A fact that is a number.
    NumberName in "number" {
        Subjects = "subjects",
        AnyStateResidents = "any_state_residents",
        HeldSubjects = "held_subjects",
        CiReceived = "ci_received",
        TurnoverKrw = "turnover_krw",
        OutageMinutes = "outage_minutes",
        DisruptionHours = "disruption_hours",
        ServiceMembers = "service_members",
    }
}

words! {
    /// A fact that is a set of kinds of personal data.
    KindSetName in "kind_set" {
        Kinds = "kinds",
        KindsHeld = "kinds_held",
    }
}

words! {
    /// A fact that is one of a few words.
    StateName in "state" {
        Certainty = "certainty",
        PossibleReason = "possible_reason",
        Event = "event",
        Path = "path",
        Relation = "relation",
        Risk = "risk",
        Channel = "channel",
        Request = "request",
        Mediation = "mediation",
        Order = "order",
        CourtOrder = "court_order",
        Claim = "claim",
    }
}

words! {
    /// How certain a leak is.
    Certainty in "certainty" {
        Confirmed = "confirmed",
        Possible = "possible",
        Refuted = "refuted",
    }
}

words! {
    /// Why a leak is held to be possible.
    PossibleReason in "possible_reason" {
        IllegalAccess = "illegal_access",
        PartialProof = "partial_proof",
        None = "none",
    }
}

words! {
    /// What happened to the data.
    Event in "event" {
        Leak = "leak",
        Loss = "loss",
        Theft = "theft",
        Forgery = "forgery",
        Alteration = "alteration",
        Damage = "damage",
        PublicExposure = "public_exposure",
        None = "none",
    }
}

words! {
    /// The way the data got out. An unknown path is a fact not answered.
    Path in "path" {
        ExternalAccess = "external_access",
        InsiderError = "insider_error",
        InsiderTheft = "insider_theft",
        ProcessorCopy = "processor_copy",
        LostMedia = "lost_media",
        PublicExposure = "public_exposure",
    }
}

words! {
    /// How the controller and the outside party stand to each other.
    Relation in "relation" {
        Own = "own",
        Outsourcing = "outsourcing",
        Provision = "provision",
    }
}

words! {
    /// The risk to persons, as a human set it.
    Risk in "risk" {
        None = "none",
        Risk = "risk",
        High = "high",
    }
}

words! {
    /// How a message goes out.
    MessageChannel in "channel" {
        Sms = "sms",
        Email = "email",
        Letter = "letter",
        Phone = "phone",
        AppPush = "app_push",
        None = "none",
    }
}

words! {
    /// What a person asks for.
    Request in "request" {
        Access = "access",
        Rectify = "rectify",
        Erase = "erase",
        Stop = "stop",
        WithdrawConsent = "withdraw_consent",
        Port = "port",
        Object = "object",
        RefuseAutomated = "refuse_automated",
        ExplainAutomated = "explain_automated",
        None = "none",
    }
}

words! {
    /// Where a mediation stands.
    Mediation in "mediation" {
        Notified = "notified",
        ProposalReceived = "proposal_received",
        None = "none",
    }
}

words! {
    /// What an authority ordered or recommended.
    Order in "order" {
        CorrectiveRecommendation = "corrective_recommendation",
        None = "none",
    }
}

words! {
    /// What a court ordered.
    CourtOrder in "court_order" {
        ProduceDocuments = "produce_documents",
        None = "none",
    }
}

words! {
    /// What a user of electronic finance claims.
    UserClaim in "claim" {
        TransactionError = "transaction_error",
        None = "none",
    }
}

words! {
    /// A fact that is yes or no.
    Flag in "flag" {
        Encrypted = "encrypted",
        Recovered = "recovered",
        ContactUnknown = "contact_unknown",
        CreditInfo = "credit_info",
        HasSensitive = "has_sensitive",
        HasUniqueId = "has_unique_id",
        HoldsSensitive = "holds_sensitive",
        HoldsUniqueId = "holds_unique_id",
        SubjectsUnidentified = "subjects_unidentified",
        WasPossible = "was_possible",
        PossibleNoticeSent = "possible_notice_sent",
        LeakedAtProcessor = "leaked_at_processor",
        Intrusion = "intrusion",
        InfoServiceProvider = "info_service_provider",
        FinancialCompany = "financial_company",
        ElectronicFinanceDisrupted = "electronic_finance_disrupted",
        DataOrProgramManipulated = "data_or_program_manipulated",
        IntrusionWithUserLoss = "intrusion_with_user_loss",
        FdsSuspectsFraudAccount = "fds_suspects_fraud_account",
        SharedSuspectInfo = "shared_suspect_info",
        TempMeasureTaken = "temp_measure_taken",
        ReliefRequested = "relief_requested",
        PoliceRequest = "police_request",
        IdCheckFailed = "id_check_failed",
        EfsrReported = "efsr_reported",
        Closed = "closed",
        MessageIsAdvert = "message_is_advert",
        Subprocessing = "subprocessing",
        NoLongerNeeded = "no_longer_needed",
        TakedownRequested = "takedown_requested",
        PublicBody = "public_body",
        Refuse = "refuse",
        NewFactConfirmed = "new_fact_confirmed",
        IsmsPMandatory = "isms_p_mandatory",
        Significant = "significant",
        Major = "major",
        Material = "material",
        SignificantHarm = "significant_harm",
        MisuseLikely = "misuse_likely",
        HarmLikely = "harm_likely",
        DisproportionateEffort = "disproportionate_effort",
        ClientFinancialImpact = "client_financial_impact",
        Nis2Entity = "nis2_entity",
        DoraEntity = "dora_entity",
        NydfsEntity = "nydfs_entity",
        CybersecurityIncident = "cybersecurity_incident",
        ExtortionPaid = "extortion_paid",
        HipaaEntity = "hipaa_entity",
        FtcSafeguardsEntity = "ftc_safeguards_entity",
        UsBank = "us_bank",
        UsBankService = "us_bank_service",
        NotificationIncident = "notification_incident",
        JpSensitive = "jp_sensitive",
        JpPropertyLossRisk = "jp_property_loss_risk",
        JpWrongfulPurpose = "jp_wrongful_purpose",
        JpStrongEncryption = "jp_strong_encryption",
        WithinOrganisationOnly = "within_organisation_only",
        RegulatorForbids = "regulator_forbids",
    }
}

words! {
    /// A fact that is a time.
    DateName in "date" {
        AwareAt = "aware_at",
        PossibilityKnownAt = "possibility_known_at",
        OccurredAt = "occurred_at",
        RequestAt = "request_at",
        DiscoveredAt = "discovered_at",
    }
}
