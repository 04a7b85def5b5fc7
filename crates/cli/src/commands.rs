//! One file a command: what its flags are, and what it does with the rooms below.

pub(crate) mod affected;
pub(crate) mod approve;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod disclose;
pub(crate) mod doctor;
pub(crate) mod domain;
pub(crate) mod drill;
pub(crate) mod evidence;
pub(crate) mod fraud;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod processor;
pub(crate) mod restore;
pub(crate) mod scan;
pub(crate) mod serve;
pub(crate) mod staff;
pub(crate) mod store;
pub(crate) mod subject;
pub(crate) mod trace;
