//! The words in which the tables of the law speak of duties and clocks.

use super::words;

words! {
    /// What fulfilling a duty looks like.
    Form in "form" {
        Notice = "notice",
        Posting = "posting",
        Report = "report",
        Reply = "reply",
        Message = "message",
        Measure = "measure",
        Record = "record",
        Contract = "contract",
        Conduct = "conduct",
        Keep = "keep",
    }
}

words! {
    /// Which date of an incident decides which text of the law applies.
    AppliesBy in "applies_by" {
        AwareAt = "aware_at",
        PossibilityKnownAt = "possibility_known_at",
        OccurredAt = "occurred_at",
        RequestAt = "request_at",
        DiscoveredAt = "discovered_at",
        Always = "always",
    }
}

words! {
    /// Whether a text was in force when its row was written.
    Status in "status" {
        InForce = "in_force",
        Proposed = "proposed",
    }
}

words! {
    /// How sure a row is: where the text behind it was seen.
    Verified in "verified" {
        Read = "read",
        Secondary = "secondary",
        Memory = "memory",
    }
}

words! {
    /// What sets a legal clock going.
    StartEvent in "start_event" {
        AwareAt = "aware_at",
        IllegalAccessKnownAt = "illegal_access_known_at",
        PartialLeakKnownAt = "partial_leak_known_at",
        PossibilityKnownAt = "possibility_known_at",
        RefutedAt = "refuted_at",
        OccurredAt = "occurred_at",
        OrderAt = "order_at",
        Always = "always",
        FirstDeliveryAt = "first_delivery_at",
        SubprocessingAt = "subprocessing_at",
        UnnecessaryAt = "unnecessary_at",
        LogWrittenAt = "log_written_at",
        GrantChangedAt = "grant_changed_at",
        RequestAt = "request_at",
        MediationNoticeAt = "mediation_notice_at",
        ProposalReceivedAt = "proposal_received_at",
        IntrusionKnownAt = "intrusion_known_at",
        InfoConfirmedAt = "info_confirmed_at",
        InspectionNoticeAt = "inspection_notice_at",
        ClaimAt = "claim_at",
        InitialSentAt = "initial_sent_at",
        SuspectedAt = "suspected_at",
        TempMeasureAt = "temp_measure_at",
        NotificationSentAt = "notification_sent_at",
        ClassifiedMajorAt = "classified_major_at",
        IntermediateSentAt = "intermediate_sent_at",
        DiscoveredAt = "discovered_at",
        NoticeSentAt = "notice_sent_at",
        DeterminedAt = "determined_at",
        PaymentMadeAt = "payment_made_at",
        DeterminedBreachAt = "determined_breach_at",
        BeforeNotice = "before_notice",
        CalendarYearEnd = "calendar_year_end",
        DeterminedMaterialAt = "determined_material_at",
        AssessedNotifiableAt = "assessed_notifiable_at",
        CommissionToldAt = "commission_told_at",
    }
}

words! {
    /// The word by which the law sets a time, where it has no number or besides one.
    ClockWord in "clock_word" {
        WithoutDelay = "without_delay",
        AtOnce = "at_once",
        Promptly = "promptly",
        BeforeStart = "before_start",
        AsRequested = "as_requested",
        ByContract = "by_contract",
        Continuously = "continuously",
        CourtDate = "court_date",
        Always = "always",
        BeforeNotice = "before_notice",
        AsSoonAsPossible = "as_soon_as_possible",
        AsSoonAsPracticable = "as_soon_as_practicable",
    }
}

words! {
    /// Who is told.
    Recipient in "recipient" {
        Subject = "subject",
        PossibleSubject = "possible_subject",
        NoticedSubject = "noticed_subject",
        AccountHolder = "account_holder",
        Victim = "victim",
        Public = "public",
        Media = "media",
        Ourselves = "self",
        Controller = "controller",
        Processor = "processor",
        SendingInstitution = "sending_institution",
        Police = "police",
        Court = "court",
        MediationCommittee = "mediation_committee",
        Pipc = "PIPC",
        Kisa = "KISA",
        Msit = "MSIT",
        Kmcc = "KMCC",
        Fsc = "FSC",
        Fss = "FSS",
        SupervisoryAuthority = "supervisory_authority",
        Csirt = "csirt",
        CompetentAuthority = "competent_authority",
        Ico = "ICO",
        UsCaAg = "US-CA-AG",
        UsNyAg = "US-NY-AG",
        UsNyDos = "US-NY-DOS",
        UsNyStatePolice = "US-NY-STATE-POLICE",
        Nydfs = "NYDFS",
        UsTxAg = "US-TX-AG",
        UsCoAg = "US-CO-AG",
        UsFlDla = "US-FL-DLA",
        UsDeAg = "US-DE-AG",
        UsMaAg = "US-MA-AG",
        UsMaOcabr = "US-MA-OCABR",
        UsMdAg = "US-MD-AG",
        Hhs = "HHS",
        Ftc = "FTC",
        Sec = "SEC",
        PrimaryFederalRegulator = "primary_federal_regulator",
        Ppc = "PPC",
        Pdpc = "PDPC",
    }
}

words! {
    /// By what a message, posting or report goes.
    Channel in "notice_channel" {
        Sms = "sms",
        Email = "email",
        Letter = "letter",
        Phone = "phone",
        AppPush = "app_push",
        Website = "website",
        Premises = "premises",
        Press = "press",
        Newspaper = "newspaper",
        Written = "written",
        InPerson = "in_person",
        OnSite = "on_site",
        RegisteredMail = "registered_mail",
        InternalRecord = "internal_record",
        PrivacyPortal = "privacy_portal",
        AuthorityPortal = "authority_portal",
        Efars = "efars",
        FscForm = "fsc_form",
        Edgar = "edgar",
        AccountHold = "account_hold",
        WalletHold = "wallet_hold",
    }
}

words! {
    /// What may stop a clock: never a bare click.
    EvidenceKind in "evidence_kind" {
        DeliveryReceipt = "delivery_receipt",
        PostingProof = "posting_proof",
        RegulatorReceipt = "regulator_receipt",
        ControllerReceipt = "controller_receipt",
        ContainmentLog = "containment_log",
        SignedScan = "signed_scan",
        ScanAttestation = "scan_attestation",
        RegisterEntry = "register_entry",
        ReplySent = "reply_sent",
        FilingReceipt = "filing_receipt",
        LogEntry = "log_entry",
        LogHead = "log_head",
        PolicyInForce = "policy_in_force",
        InspectionRecord = "inspection_record",
        ConsentRecord = "consent_record",
        IdCheckDone = "id_check_done",
    }
}

words! {
    /// What a deadline is counted in.
    Unit in "unit" {
        Hours = "hours",
        Days = "days",
        BusinessDays = "business_days",
        Months = "months",
    }
}
