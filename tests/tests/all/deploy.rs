//! What operators copy from `deploy/` names only what is there: keys that the server knows, metrics that it has, files
//! that exist, and YAML that can be read.
//!
//! The chart's templates are rendered by a few lines here, which know the few constructs that the chart uses, because Helm
//! is not at hand where tests run. What it makes of them is read as YAML, and looked into.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use laserchat_server::config::KEYS;
use laserchat_tests::balancer::deployed;
use laserchat_tests::{TestServer, chart, person};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below a folder, with its text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).expect("a text");
                found.push((path, text));
            }
        }
    }
    found
}

/// The words of a text that begin like this and go on with these characters.
fn words<'a>(text: &'a str, beginning: &'a str, goes_on: fn(char) -> bool) -> impl Iterator<Item = &'a str> {
    text.match_indices(beginning).map(move |(at, _)| {
        let rest = &text[at..];
        &rest[..rest.find(|letter: char| !goes_on(letter)).unwrap_or(rest.len())]
    })
}

fn yaml(text: &str) -> Vec<Value> {
    chart::yaml(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

#[test]
fn every_key_that_is_named_exists() {
    let keys: BTreeSet<&str> = KEYS.iter().map(|key| key.env.as_str()).collect();
    let names: BTreeSet<&str> = KEYS.iter().map(|key| key.name).collect();
    for (path, text) in files(&root().join("deploy")) {
        for word in words(&text, "LASERCHAT_", |letter| letter.is_ascii_uppercase() || letter == '_') {
            assert!(keys.contains(word), "{}: {word} is no key of the configuration", path.display());
        }
        for table in ["shutdown", "heartbeat", "limits", "queue", "tls", "blobs"] {
            for word in
                words(&text, &format!("{table}."), |letter| letter.is_ascii_lowercase() || "._".contains(letter))
            {
                let word = word.trim_end_matches('.');
                assert!(names.contains(word) || word == table, "{}: {word} is no key", path.display());
            }
        }
    }
}

/// Each metric in the sources, with the labels that it is counted by.
fn metrics() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for crates in ["server", "store"] {
        for (_, text) in files(&root().join("crates").join(crates).join("src")) {
            for (at, name) in text.match_indices("!(\"laserchat_").map(|(at, _)| (at, &text[at + 3..])) {
                let described = text[..at].ends_with(|letter: char| letter.is_alphabetic())
                    && text[..at]
                        .rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
                        .next()
                        .is_some_and(|word| word.starts_with("describe"));
                let labels = found.entry(name.split('"').next().unwrap_or_default().to_owned()).or_default();
                if described {
                    continue;
                }
                let call = name.split(')').next().unwrap_or_default();
                let parts: Vec<&str> = call.split('"').collect();
                labels.extend(
                    parts
                        .windows(2)
                        .filter(|pair| pair[1].trim_start().starts_with("=>"))
                        .map(|pair| pair[0].to_owned()),
                );
            }
        }
    }
    // Counted by a list of labels that is made beforehand.
    let requests = found.get_mut("laserchat_http_requests_total").expect("requests are counted");
    requests.extend(["route", "method", "status"].map(str::to_owned));
    found
}

/// The name under which a metric is described, without what Prometheus adds for a histogram.
fn described<'a>(word: &'a str, metrics: &BTreeMap<String, BTreeSet<String>>) -> Option<&'a str> {
    let bare = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| word.strip_suffix(suffix));
    [Some(word), bare].into_iter().flatten().find(|name| metrics.contains_key(*name))
}

#[tokio::test]
async fn every_metric_that_is_named_is_exported() {
    let metrics = metrics();
    let server = TestServer::start().await;
    let [ada, bob] = server.people(["ada", "bob"]).await;
    let conversation = ada.direct(&bob).await;
    let mut socket = bob.connect().await;
    ada.say(&conversation, "one", "hello").await;
    socket.expect("message.sent").await;
    ada.get("/conversations/1").await;
    let scraped = person::http().get(format!("http://{}/metrics", server.address())).send().await.unwrap();
    let scraped = scraped.text().await.unwrap();
    // Those that count what this test does not do: they appear when it happens first.
    let later = [
        "laserchat_pushes_total",
        "laserchat_mails_total",
        "laserchat_webhook_attempts_total",
        "laserchat_previews_total",
        "laserchat_follower_changes_total",
        "laserchat_follower_failures_total",
        "laserchat_expired_messages_total",
        "laserchat_certificate_expires_timestamp_seconds",
        "laserchat_bus_connected",
        "laserchat_bus_hints_total",
        "laserchat_bus_gaps_total",
        "laserchat_duty",
    ];
    for file in ["monitoring/dashboard.json", "monitoring/alerts.yaml", "helm/laserchat/templates/autoscaler.yaml"] {
        let text = deployed(file);
        let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        let named: BTreeSet<&str> = words(&text, "laserchat_", is_name).collect();
        assert!(!named.is_empty());
        for word in named {
            let name = described(word, &metrics).unwrap_or_else(|| panic!("{file}: nothing counts {word}"));
            if !later.contains(&name) {
                assert!(
                    scraped.contains(&format!("{word} ")) || scraped.contains(&format!("{word}{{")),
                    "{file}: {word} is not exported"
                );
            }
        }
    }
}

/// The labels that expressions use are those that the metrics have.
#[test]
fn every_label_that_is_named_exists() {
    let metrics = metrics();
    let dashboard: Value = serde_json::from_str(&deployed("monitoring/dashboard.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let mut expressions: Vec<String> = panels
        .flat_map(|panel| panel["targets"].as_array().expect("targets"))
        .map(|target| target["expr"].as_str().expect("an expression").to_owned())
        .collect();
    for group in yaml(&deployed("monitoring/alerts.yaml"))[0]["groups"].as_array().expect("groups") {
        for rule in group["rules"].as_array().expect("rules") {
            for field in ["alert", "expr", "for"] {
                assert!(rule[field].is_string(), "{rule:#}");
            }
            assert!(["page", "ticket"].contains(&rule["labels"]["severity"].as_str().unwrap()), "{rule:#}");
            assert!(rule["annotations"]["summary"].is_string() && rule["annotations"]["description"].is_string());
            expressions.push(rule["expr"].as_str().unwrap().to_owned());
        }
    }
    // Those that Prometheus adds.
    let added = ["job", "instance", "le"];
    for expression in expressions {
        let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        let has: BTreeSet<&str> = words(&expression, "laserchat_", is_name)
            .filter_map(|word| Some(metrics[described(word, &metrics)?].iter().map(String::as_str)))
            .flatten()
            .chain(added)
            .collect();
        let inside = |open: &str, close: char| -> Vec<String> {
            let parts = expression.split(open).skip(1).filter_map(|rest| rest.split(close).next());
            parts.flat_map(|part| part.split(',').map(|label| label.trim().to_owned()).collect::<Vec<_>>()).collect()
        };
        let grouped = inside("by (", ')');
        let chosen = inside("{", '}').into_iter().filter_map(|pair| Some(pair.split(['=', '!']).next()?.to_owned()));
        for label in grouped.into_iter().chain(chosen) {
            assert!(has.contains(label.as_str()), "{expression}: no label `{label}`, only {has:?}");
        }
        assert_eq!(expression.matches('(').count(), expression.matches(')').count(), "{expression}");
    }
}

#[test]
fn compose_files_can_be_read_and_hold_together() {
    for (name, services) in [("compose.yaml", 1), ("compose.cluster.yaml", 11)] {
        let compose = &yaml(&deployed(name))[0];
        let found = compose["services"].as_object().expect("services");
        assert_eq!(found.len(), services, "{name}");
        let volumes: BTreeSet<&str> =
            compose["volumes"].as_object().expect("volumes").keys().map(String::as_str).collect();
        for (service, settings) in found {
            for volume in settings["volumes"].as_array().into_iter().flatten() {
                let from = volume.as_str().unwrap().split(':').next().unwrap();
                match from.strip_prefix("./") {
                    // The certificate is the operator's own.
                    Some(file) if file.starts_with("certificates/") => {}
                    Some(file) => assert!(root().join("deploy").join(file).is_file(), "{name}: {service}: {from}"),
                    None => assert!(volumes.contains(from), "{name}: {service}: {from}"),
                }
            }
            for other in settings["depends_on"].as_object().into_iter().flatten().map(|(other, _)| other) {
                assert!(found.contains_key(other), "{name}: {service}: {other}");
            }
            if settings["image"] == "laserchat" {
                assert_eq!(settings["read_only"], true, "{name}: {service}");
                assert_eq!(settings["cap_drop"], json!(["ALL"]));
                let file = settings["build"]["dockerfile"].as_str().unwrap();
                assert!(root().join(file).is_file());
            }
        }
    }
    // The cluster's nodes are where its balancer looks for them.
    let cluster = &yaml(&deployed("compose.cluster.yaml"))[0];
    let balancer = deployed("haproxy/haproxy.cfg");
    for node in ["node1", "node2", "node3"] {
        let address = cluster["services"][node]["networks"]["nodes"]["ipv4_address"].as_str().unwrap();
        assert!(balancer.contains(&format!("server {node} {address}:8080")));
    }
    let example = deployed("cluster.env.example");
    for word in words(&deployed("compose.cluster.yaml"), "${", |letter| {
        letter.is_ascii_uppercase() || letter.is_ascii_digit() || "_${".contains(letter)
    }) {
        let word = word.trim_start_matches("${");
        assert!(example.contains(&format!("{word}=")), "cluster.env.example must have {word}");
    }
}

#[test]
fn the_container_file_copies_what_is_there() {
    let text = deployed("Containerfile");
    for line in text.lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from=")) {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        for source in &words[..words.len() - 1] {
            assert!(root().join(source).exists(), "{line}");
        }
    }
    let last = text.rsplit("FROM ").next().unwrap();
    assert!(last.contains("USER 65532:65532") && last.contains("HEALTHCHECK"));
}

fn rendered(changes: Value) -> BTreeMap<String, Value> {
    let mut values = yaml(&deployed("helm/laserchat/values.yaml")).remove(0);
    chart::merge(&mut values, &changes);
    let about = &yaml(&deployed("helm/laserchat/Chart.yaml"))[0];
    assert_eq!(about["appVersion"], env!("CARGO_PKG_VERSION"));
    let scope =
        json!({ "Values": values, "Release": { "Name": "chat" }, "Chart": { "AppVersion": about["appVersion"] } });
    let mut objects = BTreeMap::new();
    for (path, text) in files(&root().join("deploy/helm/laserchat/templates")) {
        let text = chart::render(&text, &scope).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for object in yaml(&text).into_iter().filter(|object| !object.is_null()) {
            assert!(object["apiVersion"].is_string() && object["metadata"]["name"].is_string(), "{object:#}");
            let name = format!("{} {}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
            assert!(objects.insert(name, object).is_none());
        }
    }
    objects
}

#[test]
fn the_chart_makes_a_deployment_that_lets_its_clients_go() {
    let objects = rendered(json!({}));
    let names: Vec<&str> = objects.keys().map(String::as_str).collect();
    assert_eq!(names, ["Deployment chat", "PodDisruptionBudget chat", "Secret chat", "Service chat"]);
    let deployment = &objects["Deployment chat"]["spec"];
    assert_eq!(deployment["replicas"], 3);
    let pod = &deployment["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(container["readinessProbe"]["httpGet"]["path"], "/readyz");
    assert_eq!(container["livenessProbe"]["httpGet"]["path"], "/healthz");
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(container["resources"]["requests"]["cpu"], "500m");
    let seconds = |name: &str| {
        let env = container["env"].as_array().unwrap();
        let value =
            &env.iter().find(|value| value["name"] == format!("LASERCHAT_SHUTDOWN_{name}_SECONDS")).unwrap()["value"];
        value.as_str().unwrap().parse::<u64>().unwrap()
    };
    let needed = seconds("NOTICE") + seconds("SPREAD") + seconds("DRAIN");
    assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() > needed);
    // Longer than it takes until a pod that is not ready gets no more requests.
    assert!(seconds("NOTICE") > 5);
    for kind in ["Service chat", "PodDisruptionBudget chat"] {
        let selector = &objects[kind]["spec"]["selector"];
        let labels = selector.get("matchLabels").unwrap_or(selector);
        for (label, value) in labels.as_object().unwrap() {
            assert_eq!(&deployment["template"]["metadata"]["labels"][label], value, "{kind}");
        }
    }
}

#[test]
fn the_chart_makes_what_is_asked_for() {
    let objects = rendered(json!({
        "autoscaling": { "enabled": true },
        "ingress": { "enabled": true },
        "secret": { "existing": "mine" },
    }));
    assert!(objects["Deployment chat"]["spec"].get("replicas").is_none(), "the autoscaler decides");
    assert!(!objects.contains_key("Secret chat"));
    let container = &objects["Deployment chat"]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["envFrom"][0]["secretRef"]["name"], "mine");
    let metric = &objects["HorizontalPodAutoscaler chat"]["spec"]["metrics"][0]["pods"];
    assert_eq!(metric["target"]["averageValue"], "20000");
    let ingress = &objects["Ingress chat"];
    assert_eq!(ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"], "0");
    for path in ingress["spec"]["rules"][0]["http"]["paths"].as_array().unwrap() {
        let service = path["backend"]["service"]["name"].as_str().unwrap();
        assert!(objects.contains_key(&format!("Service {service}")), "{service}");
    }
    let secret = rendered(json!({ "secret": { "values": { "LASERCHAT_BLOBS_KEY_ID": "a \"key\"" } } }));
    assert_eq!(secret["Secret chat"]["stringData"]["LASERCHAT_BLOBS_KEY_ID"], "a \"key\"");
}
