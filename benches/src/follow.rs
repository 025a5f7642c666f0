//! How long a commit takes to reach everybody who follows the changes: many WebSockets, all asking
//! the same or spread over organisations, and one who hands in.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use futures_util::{SinkExt as _, StreamExt as _};
use lianfang::{
    app,
    authz::{
        policy::Policy,
        token::{TokenRequest, Tokens},
    },
    context::OpCtx,
    error::HubError,
    keys::Keys,
    store::reference::Reference,
};
use serde_json::json;
use tokio::{net::TcpStream, sync::mpsc, time::timeout};
use tokio_tungstenite::tungstenite::{
    Message, client::IntoClientRequest as _, protocol::WebSocketConfig,
};

use crate::client::{Client, post};

/// What is measured.
#[derive(Args)]
pub struct Arguments {
    /// Address of the hub
    #[arg(long, default_value = "127.0.0.1:8080")]
    hub: String,
    /// Key file of the hub
    #[arg(long, env = "LIANFANG_SECRET_KEY_FILE")]
    keys: PathBuf,
    /// Process of the hub, whose memory is looked at
    #[arg(long)]
    pid: Option<u32>,
    /// Subscriptions, each on a socket of its own
    #[arg(long, default_value_t = 5_000)]
    sockets: usize,
    /// Commits
    #[arg(long, default_value_t = 20)]
    commits: u32,
    /// Who they are
    #[arg(long, value_enum, default_value = "same")]
    who: Who,
    /// Follow the victims too, whose names are audited for each subscriber
    #[arg(long)]
    personal: bool,
}

/// Who follows.
#[derive(Clone, Copy, ValueEnum)]
enum Who {
    /// One organisation
    Same,
    /// All departments, in all regions of 山西
    Spread,
}

const ACCIDENTS: &str = "subscription { changes(families: [\"Accident\"]) { counter cursor events { kind id version \
                         record { ... on Accident { occurredAt regionCode employerName deaths minorInjuries } } } } }";
const VICTIMS: &str = "subscription { changes(families: [\"AccidentVictim\"]) { counter cursor events { kind id version \
                       record { ... on AccidentVictim { victimNo name injuryDegree } } } } }";

/// Measures and prints.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let maker = Maker::new(&arguments)?;
    let (reports, mut heard) = mpsc::channel(arguments.sockets);
    let before = memory(arguments.pid);
    let tokens = maker.followers(&arguments)?;
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..arguments.sockets {
        let token = tokens.get(number % tokens.len()).context("a token")?.clone();
        let (hub, reports) = (arguments.hub.clone(), reports.clone());
        let document = if arguments.personal { VICTIMS } else { ACCIDENTS };
        waiting.spawn(async move { follow(&hub, &token, document, number, reports).await });
        if waiting.len() >= 64 {
            waiting.join_next().await.context("a socket")???;
        }
    }
    while let Some(one) = waiting.join_next().await {
        one??;
    }
    println_row(&format!(
        "{} sockets, {} organisations, connected",
        arguments.sockets,
        tokens.len()
    ));
    tokio::time::sleep(Duration::from_secs(3)).await;
    if let (Some(before), Some(after)) = (before, memory(arguments.pid)) {
        let each = after.saturating_sub(before) / u64::try_from(arguments.sockets.max(1))?;
        println_row(&format!(
            "memory of the hub {} -> {} KiB, {each} KiB a subscription",
            before, after
        ));
    }
    let mut submit = Client::connect(&arguments.hub).await?;
    let submitter = maker.token("EMERGENCY", "140600", "SUBMITTER")?;
    let run = OpCtx::begin("bench").now().timestamp();
    hand_in(
        &mut submit,
        &submitter,
        "Accidents",
        accident(&format!("LIVE-{run}"), run, 1),
        &format!("{run}-a"),
    )
    .await?;
    let mut all = Vec::new();
    let mut handed = Vec::new();
    for number in 0..arguments.commits {
        // What the one before left is out of the way.
        while timeout(Duration::from_secs(1), heard.recv()).await.is_ok() {}
        // Other regions see public facts only, so these tell one accident from another.
        let (name, injured) =
            (format!("LIVE-{run}-{number}"), run % 100_000 * 1_000 + i64::from(number));
        let mark =
            if arguments.personal { name.clone() } else { format!("\"minorInjuries\":{injured}") };
        let start = Instant::now();
        if arguments.personal {
            let row = json!({"victimNo": name, "accidentNo": format!("LIVE-{run}"), "name": "王小明", "injuryDegree": "MINOR"});
            hand_in(&mut submit, &submitter, "AccidentVictims", row, &name).await?;
        } else {
            hand_in(
                &mut submit,
                &submitter,
                "Accidents",
                accident(&name, i64::from(number), injured),
                &name,
            )
            .await?;
        }
        handed.push(start.elapsed());
        let mut times = Vec::with_capacity(arguments.sockets);
        while times.len() < arguments.sockets {
            let Ok(Some((at, text))) = timeout(Duration::from_secs(3), heard.recv()).await else {
                break;
            };
            let _: &String = &text;
            if text.contains(&mark) {
                times.push(at.duration_since(start));
            }
        }
        times.sort_unstable();
        all.push(times);
    }
    handed.sort_unstable();
    let reached: usize = all.iter().map(Vec::len).sum();
    let worst = all.iter().filter_map(|times| times.last()).max().copied().unwrap_or_default();
    let mut every: Vec<Duration> = all.into_iter().flatten().collect();
    every.sort_unstable();
    let place = |share: f64| {
        every
            .get(((every.len() as f64 * share) as usize).min(every.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    println_row(&format!(
        "{} commits, {reached} pages: p50 {} ms, p99 {} ms, max {} ms from the sending of the submission (its own answer: p50 {} ms)",
        arguments.commits,
        place(0.5).as_millis(),
        place(0.99).as_millis(),
        worst.as_millis(),
        handed.get(handed.len() / 2).copied().unwrap_or_default().as_millis(),
    ));
    Ok(())
}

/// One who follows: returns when the first page is there, and goes on by itself.
async fn follow(
    hub: &str,
    token: &str,
    document: &str,
    number: usize,
    reports: mpsc::Sender<(Instant, String)>,
) -> anyhow::Result<()> {
    let mut request = format!("ws://{hub}/graphql").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let stream = TcpStream::connect(hub).await?;
    stream.set_nodelay(true)?;
    let small = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let (mut socket, _) =
        tokio_tungstenite::client_async_with_config(request, stream, Some(small)).await?;
    for message in [
        json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}}),
        json!({"type": "subscribe", "id": number.to_string(), "payload": {"query": document}}),
    ] {
        socket.send(Message::text(message.to_string())).await?;
    }
    // The greeting, then pages up to the present.
    loop {
        let message = socket.next().await.context("the hub goes on")??;
        let text = message.to_text().unwrap_or_default();
        anyhow::ensure!(
            !text.contains("\"errors\"") && !text.contains("\"type\":\"error\""),
            "{text}"
        );
        if text.contains("\"events\":[]") || text.contains("\"events\":[{") {
            break;
        }
    }
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let at = Instant::now();
            if let Message::Text(text) = message
                && text.contains("\"events\":[{")
                && reports.send((at, text.as_str().to_owned())).await.is_err()
            {
                return;
            }
        }
    });
    Ok(())
}

async fn hand_in(
    client: &mut Client,
    token: &str,
    plural: &str,
    row: serde_json::Value,
    key: &str,
) -> anyhow::Result<()> {
    let document = format!(
        "mutation($input: Submit{plural}Input!) {{ submit{plural}(input: $input) {{ rejected verdicts {{ faults {{ code field }} }} }} }}"
    );
    let input = json!({"mode": "ATOMIC", "idempotencyKey": key, "rows": [row]});
    let answer = client
        .send(&post("/graphql", token, &json!({"query": document, "variables": {"input": input}})))
        .await?;
    let text = String::from_utf8_lossy(answer).into_owned();
    anyhow::ensure!(text.contains("\"rejected\":0"), "{text}");
    Ok(())
}

fn accident(number: &str, minute: i64, injured: i64) -> serde_json::Value {
    json!({
        "accidentNo": number, "occurredAt": format!("2024-11-22T09:{:02}:00+08:00", minute % 60), "regionCode": "140602",
        "employerName": "朔州示例煤业有限公司", "industryCode": "0610", "keyIndustry": "COAL_MINE", "accidentType": "ROOF_FALL",
        "deaths": 0, "missing": 0, "seriousInjuries": 1, "acutePoisonings": 0, "minorInjuries": injured, "directLossYuan": "126000.00",
    })
}

/// Resident memory of a process, in KiB.
fn memory(pid: Option<u32>) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", pid?)).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn println_row(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Makes tokens.
struct Maker {
    policy: std::sync::Arc<Policy>,
    tokens: Tokens,
}

impl Maker {
    fn new(arguments: &Arguments) -> anyhow::Result<Self> {
        let catalogue = app::catalogue().map_err(told)?;
        let policy = app::policy(None, &catalogue).map_err(told)?;
        Ok(Self { policy, tokens: Tokens::new(&Keys::read(&arguments.keys)?).map_err(told)? })
    }

    fn token(&self, department: &str, region: &str, role: &str) -> anyhow::Result<String> {
        let order = TokenRequest {
            subject: "bench".to_owned(),
            department: department.to_owned(),
            region: region.to_owned(),
            roles: vec![role.to_owned()],
            purpose: "ROUTINE_SHARING".to_owned(),
            ticket: None,
            seconds: 24 * 60 * 60,
        };
        self.tokens
            .issue(&self.policy, order, OpCtx::begin("bench").now())
            .map(|issued| issued.text)
            .map_err(told)
    }

    fn followers(&self, arguments: &Arguments) -> anyhow::Result<Vec<String>> {
        if matches!(arguments.who, Who::Same) {
            return Ok(vec![self.token("EMERGENCY", "140600", "READER")?]);
        }
        let reference = Reference::shipped().map_err(anyhow::Error::msg)?;
        let codes = |table: &str| {
            let table = reference.tables().find(|own| own.name == table);
            table
                .map(|own| own.codes.iter().map(|code| code.code.clone()).collect::<Vec<_>>())
                .unwrap_or_default()
        };
        let mut all = Vec::new();
        for region in codes("region").iter().filter(|code| code.starts_with("14")) {
            for department in ["HRSS", "EMERGENCY", "HEALTH", "HOUSING", "TRANSPORT", "UNION"] {
                all.push(
                    self.token(department, region, "READER")
                        .with_context(|| format!("{department} {region}"))?,
                );
            }
        }
        Ok(all)
    }
}

fn told(error: HubError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
