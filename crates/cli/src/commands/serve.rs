//! `doldam serve`: the server for staff and for processors, until it is told to stop.

mod certificate;

pub(crate) use certificate::CertificateArgs;

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use doldam_server::app::App;
use doldam_server::{Server, Settings};
use serde_json::json;

use crate::context::Context;
use crate::errand::counter::Counter;
use crate::output::tell;

/// Serve staff and processors over HTTP until SIGTERM or Ctrl-C
#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Where staff come in
    #[arg(long, value_name = "ADDR", default_value = STAFF_LISTEN)]
    staff_listen: SocketAddr,
    /// Where processors' programs come in
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7118")]
    processor_listen: SocketAddr,
    /// Where people read the notices on the web site
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7119")]
    public_listen: SocketAddr,
    /// The proxy in front that speaks TLS and says from where a request came
    #[arg(long, value_name = "IP")]
    trusted_proxy: Option<IpAddr>,
    #[command(flatten)]
    certificates: CertificateArgs,
}

/// Where staff come in when nobody says otherwise.
pub(crate) const STAFF_LISTEN: &str = "127.0.0.1:7117";

/// Runs the command.
pub(crate) fn run(context: &Context, args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let certificates = args.certificates.over(context)?;
    let is_tls = certificates.staff.is_some();
    let clock = context.shared_clock();
    let ways =
        context.config()?.sign_in.open(context.folder(), args.staff_listen, is_tls, clock)?;
    let settings = Settings {
        staff: args.staff_listen,
        processors: args.processor_listen,
        public: args.public_listen,
        trusted_proxy: args.trusted_proxy,
        ways: Arc::new(ways),
        channels: Arc::new(context.config()?.channels.open(context.folder())?),
        fraud: context.config()?.fraud.open()?,
    };
    let log = Arc::new(|line: &str| tell(line));
    let app = App::new(Arc::clone(&session.vault), context.shared_clock(), settings, log)?;
    let scheme = |files: &Option<_>| if files.is_some() { "https" } else { "http" };
    let schemes = (scheme(&certificates.staff), scheme(&certificates.processors));
    let server = Server::bind_with(app, certificates)?;
    let (staff, processors) = server.addresses()?;
    let (staff, processors) =
        (format!("{}://{staff}", schemes.0), format!("{}://{processors}", schemes.1));
    let public = format!("http://{}", server.public_address()?);
    let counter = Counter::open(context.folder(), session.vault, crate::run_errand)?;
    let facts = json!({ "staff": staff, "processors": processors, "public": public });
    let text = format!("staff {staff}  processors {processors}  public {public}");
    context.output.answer(&text, facts)?;
    let served = server.run(true);
    counter.close();
    served?;
    Ok(ExitCode::SUCCESS)
}
