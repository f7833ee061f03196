//! Lines arrive: all of them, in order, under the right names, whatever happens meanwhile.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::docker::Container;
use crate::support::{Server, Service, assert_whole};

#[test]
fn a_line_arrives_with_its_service_task_node_and_time() {
    let mut server = Server::new("127.0.0.1");
    server.start();
    let mut container = Container::start(&server, 'a');
    container.print("to be seen\n");
    container.print_to("stderr", "to be feared\n");
    let _service = Service::start(&server, &[]);

    let messages = server.wait_for(2, "to be");
    let seen = &messages[0];
    assert_eq!(
        [&seen.priority, &seen.host, &seen.app, &seen.task, &seen.stream],
        ["<14>1", "node-1", "shop", "shop.a.task", "stdout"]
    );
    assert_eq!(seen.time, "2026-11-29T10:00:00.000000Z");
    assert_eq!(
        seen.data,
        r#"docker@32473 node="node-1" service="shop" task="shop.a.task" container="shop.a.task""#
    );
    assert_eq!(seen.text, "to be seen");
    assert_eq!(
        (messages[1].priority.as_str(), messages[1].stream.as_str()),
        ("<11>1", "stderr")
    );
}

#[test]
fn lines_come_out_as_they_were_printed_however_docker_cuts_them() {
    let mut server = Server::new("127.0.0.1");
    server.start();
    let _service = Service::start(&server, &[]);
    let mut container = Container::start(&server, 'a');
    let part = "x".repeat(16 * 1024);
    container.print(&part);
    container.print_to("stderr", "between line\n");
    container.print("end of a long line\n");
    container.print("a terminal's line\r\n");
    container.write("\0\0\0 no entry: line");
    container.print(&"ü".repeat(50 * 1024));
    container.print(" line\n");
    container.print("a line without an end");

    let messages = server.wait_for(6, "line");
    let texts: Vec<_> = messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts[0], "between line");
    assert_eq!(texts[1], format!("{part}end of a long line"));
    assert_eq!(texts[2..4], ["a terminal's line", "\0\0\0 no entry: line"]);
    assert!(texts[4].ends_with("ü line"));
    assert_eq!(texts[5], "a line without an end");
    let halves: Vec<_> = server
        .received()
        .into_iter()
        .filter(|message| message.text.contains('ü'))
        .collect();
    assert_eq!(halves.len(), 2);
    assert_eq!(halves[0].text.len() + halves[1].text.len(), 100 * 1024 + " line".len());
}

#[test]
fn nothing_is_lost_when_the_server_is_killed_and_comes_back() {
    let mut server = Server::new("127.0.0.1");
    let mut container = Container::start(&server, 'a');
    let service = Service::start(&server, &[]);
    let mut printed = 0;
    let mut print = |lines| {
        for _ in 0..lines {
            container.print(&format!("line {printed}\n"));
            printed += 1;
            if printed % 1_000 == 0 {
                container.rotate(3);
            }
        }
        printed
    };
    service.wait_for("started");
    for round in 1..=3 {
        server.start();
        let printed = print(1_000);
        server.wait_for(printed - 500, "line");
        if round == 2 {
            // The system takes these lines for a server that will never read them.
            server.freeze();
            print(1_000);
            sleep(Duration::from_secs(2));
        }
        server.kill();
        print(500);
    }
    server.start();
    let printed = print(1);
    assert_whole(&server.wait_for(printed, "line"), printed);
    assert!(service.log().contains("lines wait on disk"));
    service.wait_for("the destination takes lines again");
}

#[test]
fn reading_goes_on_where_it_stopped_though_files_were_rotated_meanwhile() {
    let mut server = Server::new("127.0.0.1");
    server.start();
    let mut container = Container::start(&server, 'a');
    let service = Service::start(&server, &[]);
    container.print("line 0\n");
    container.print("line 1\n");
    server.wait_for(2, "line");
    assert_eq!(service.stop(), Some(0));

    container.print("line 2\n");
    container.rotate(5);
    container.print("line 3\n");
    container.rotate(5);
    container.print("line 4\n");
    let service = Service::start(&server, &[]);
    assert_whole(&server.wait_for(5, "line"), 5);
    assert_eq!(
        server.wait_for(5, "line").len(),
        5,
        "what was confirmed is not sent again"
    );
    assert!(!service.log().contains("dropped"));
}

#[test]
fn a_program_that_was_killed_sends_again_what_was_not_confirmed() {
    let mut server = Server::new("127.0.0.1");
    let mut container = Container::start(&server, 'a');
    for number in 0..1_000 {
        container.print(&format!("line {number}\n"));
    }
    let service = Service::start(&server, &[]);
    service.wait_for("lines wait on disk");
    drop(service);
    // Docker's files are gone, the queue is not.
    container.remove();
    server.start();
    let _service = Service::start(&server, &[]);
    assert_whole(&server.wait_for(1_000, "line"), 1_000);
}

#[test]
fn a_gap_that_rotation_makes_is_told() {
    let mut server = Server::new("127.0.0.1");
    server.start();
    let mut container = Container::start(&server, 'a');
    let service = Service::start(&server, &[]);
    container.print("line 0\n");
    server.wait_for(1, "line");
    service.stop();
    container.print("line 1\n");
    for number in 2..5 {
        container.rotate(2);
        container.print(&format!("line {number}\n"));
    }
    let service = Service::start(&server, &[]);
    server.wait_for(3, "line");
    service.wait_for("Docker dropped a file before it was read");
}

#[test]
fn a_full_queue_leaves_lines_to_docker_and_goes_on_with_them() {
    let mut server = Server::new("127.0.0.1");
    let mut container = Container::start(&server, 'a');
    let service = Service::start(&server, &["--queue", "1"]);
    let filler = "x".repeat(1_000);
    for number in 0..5_000 {
        container.print(&format!("{filler} line {number}\n"));
    }
    service.wait_for("the queue is full");
    let kept: u64 = fs::read_dir(server.folder.path().join("state"))
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert!(kept < 12 * 1024 * 1024, "{kept} bytes");
    server.start();
    assert_whole(&server.wait_for(5_000, "line"), 5_000);
}
