//! The image as a service of a real Swarm, with what real containers print.
//!
//! Needs Docker in Swarm mode, the image that `LOGS_IMAGE` names and, for what prints, any image with a shell, which
//! `LOGS_SHELL_IMAGE` names: `cargo test --package logs -- --ignored`

use std::env;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::support::{Server, assert_whole};

/// What each task of the service prints: several times what Docker keeps of it, which is what it prints in twenty seconds.
const LINES: usize = 30_000;
const PRINTING: &str = r#"i=0; while [ $i -lt 30000 ]; do echo "this is a line of the proof, number $i"; i=$((i+1)); [ $((i%50)) = 0 ] && sleep 0.1; done; sleep 100000"#;

/// Runs docker, and answers what it says.
fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Removes what the test makes.
struct Made;

impl Drop for Made {
    fn drop(&mut self) {
        let remove = |arguments: &[&str]| {
            Command::new("docker")
                .args(arguments)
                .output()
                .is_ok_and(|done| done.status.success())
        };
        remove(&["service", "rm", "logs-proof", "logs-proof-chat"]);
        remove(&["secret", "rm", "logs-proof-destination", "logs-proof-ca"]);
        // Tasks let go of them in their own time.
        while !remove(&["volume", "rm", "--force", "logs-proof"]) {
            sleep(Duration::from_millis(500));
        }
        while !remove(&["network", "rm", "logs-proof"]) {
            sleep(Duration::from_millis(500));
        }
    }
}

/// Starts the service as the stack does.
fn start_shipping(server: &Server) {
    let image = env::var("LOGS_IMAGE").unwrap_or_else(|_| "music-store/logs:latest".to_owned());
    let file = |name| server.folder.path().join(name).display().to_string();
    docker(&["secret", "create", "logs-proof-destination", &file("destination")]);
    docker(&["secret", "create", "logs-proof-ca", &file("authority.pem")]);
    docker(&[
        "network",
        "create",
        "--driver",
        "overlay",
        "--opt",
        "encrypted",
        "logs-proof",
    ]);
    #[rustfmt::skip]
    docker(&[
        "service", "create", "--quiet", "--detach", "--no-resolve-image", "--name", "logs-proof", "--mode", "global",
        "--network", "logs-proof", "--endpoint-mode", "dnsrr", "--user", "0:0", "--read-only", "--cap-drop", "ALL",
        "--limit-memory", "128M", "--limit-cpu", "0.5", "--limit-pids", "32",
        "--env", "LOGS_NODE={{.Node.Hostname}}",
        "--secret", "source=logs-proof-destination,target=logs_destination,mode=0400",
        "--secret", "source=logs-proof-ca,target=logs_ca,mode=0400",
        "--mount", "type=bind,source=/var/lib/docker/containers,target=/var/lib/docker/containers,readonly",
        "--mount", "type=volume,source=logs-proof,target=/var/lib/logs",
        &image,
    ]);
}

/// Waits for the container of the service that is meant, and answers its id.
fn running(is_meant: impl Fn(&str) -> bool) -> String {
    loop {
        let id = docker(&[
            "ps",
            "--quiet",
            "--filter",
            "label=com.docker.swarm.service.name=logs-proof",
        ]);
        if !id.is_empty() && !id.contains('\n') && is_meant(&id) {
            return id;
        }
        sleep(Duration::from_millis(200));
    }
}

fn start_printing() {
    let image = env::var("LOGS_SHELL_IMAGE").unwrap_or_else(|_| "debian:bookworm-slim".to_owned());
    #[rustfmt::skip]
    docker(&[
        "service", "create", "--quiet", "--detach", "--no-resolve-image", "--name", "logs-proof-chat", "--replicas", "2",
        "--network", "logs-proof", "--endpoint-mode", "dnsrr", "--stop-grace-period", "0s",
        "--log-driver", "json-file", "--log-opt", "max-size=400k", "--log-opt", "max-file=3",
        &image, "sh", "-c", PRINTING,
    ]);
}

#[test]
#[ignore = "needs Docker in Swarm mode and the image of the log service"]
fn every_line_arrives_though_the_server_and_the_service_are_killed_and_files_rotate() {
    let gateway = "{{(index .IPAM.Config 0).Gateway}}";
    let mut server = Server::new(&docker(&["network", "inspect", "docker_gwbridge", "--format", gateway]));
    let node = docker(&["info", "--format", "{{.Name}}"]);
    let _made = Made;
    start_shipping(&server);
    server.start();
    start_printing();

    let part = "line of the proof";
    server.wait_for(LINES / 10, part);
    server.kill();
    sleep(Duration::from_secs(5));
    server.start();
    server.wait_for(LINES / 2, part);
    server.freeze();
    sleep(Duration::from_secs(2));
    server.kill();
    // Told to stop, then killed.
    let first = running(|_| true);
    docker(&["service", "update", "--quiet", "--detach", "--force", "logs-proof"]);
    let second = running(|id| id != first);
    docker(&["kill", &second]);
    running(|id| id != second);
    server.start();

    let messages = server.wait_for(2 * LINES, part);
    let mut tasks: Vec<_> = messages.iter().map(|message| message.task.clone()).collect();
    tasks.sort_unstable();
    tasks.dedup();
    assert_eq!(tasks.len(), 2);
    for task in tasks {
        assert!(task.starts_with("logs-proof-chat."), "{task}");
        let of_task: Vec<_> = messages
            .iter()
            .filter(|message| message.task == task)
            .cloned()
            .collect();
        println!("{task}: {LINES} lines arrived, {} messages", of_task.len());
        assert_whole(&of_task, LINES);
        for message in &of_task {
            assert_eq!(
                (message.app.as_str(), message.host.as_str()),
                ("logs-proof-chat", node.as_str())
            );
            let data =
                format!(r#"docker@32473 node="{node}" service="logs-proof-chat" task="{task}" container="{task}""#);
            assert_eq!(message.data, data);
        }
    }
}
