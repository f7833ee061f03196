//! What the stack file lists for a service: each entry must be in the service.

use serde_json::{Value, json};

use super::units::number;

/// What of a list is missing in the service; nothing for what is not a list that is known.
pub fn compare(place: &str, file: &Value, service: &Value) -> Option<Vec<String>> {
    let container = &service["TaskTemplate"]["ContainerSpec"];
    let (wanted, found): (Vec<Value>, &Value) = match place {
        "/cap_add" => (each(file, capability), &container["CapabilityAdd"]),
        "/cap_drop" => (each(file, capability), &container["CapabilityDrop"]),
        "/environment" => (pairs(file), &container["Env"]),
        "/volumes" => (each(file, mount), &container["Mounts"]),
        "/ports" => (each(file, port), &service["EndpointSpec"]["Ports"]),
        "/secrets" => (
            each(file, |secret| given(secret, "/run/secrets")),
            &container["Secrets"],
        ),
        "/configs" => (each(file, |config| given(config, "")), &container["Configs"]),
        // Their names have become ids.
        "/networks" => return Some(count(file, &service["TaskTemplate"]["Networks"])),
        "/healthcheck/disable" => {
            let test = &container["Healthcheck"]["Test"];
            let same = *file == false || *test == json!(["NONE"]);
            return Some(if same {
                Vec::new()
            } else {
                vec![format!("health is checked by {test}")]
            });
        }
        _ => return None,
    };
    let found = found.as_array().map_or(&[][..], Vec::as_slice);
    let is_missing = |wanted: &&Value| !found.iter().any(|found| is_in(wanted, found));
    let missing = wanted.iter().filter(is_missing);
    Some(
        missing
            .map(|missing| format!("{place} has {missing} in the file, and not in the service"))
            .collect(),
    )
}

fn each(file: &Value, read: impl Fn(&Value) -> Value) -> Vec<Value> {
    file.as_array().into_iter().flatten().map(read).collect()
}

fn pairs(file: &Value) -> Vec<Value> {
    let pairs = file.as_object().into_iter().flatten();
    pairs
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            json!(format!("{name}={text}"))
        })
        .collect()
}

fn count(file: &Value, found: &Value) -> Vec<String> {
    let wanted = file
        .as_object()
        .map_or_else(|| file.as_array().map_or(0, Vec::len), serde_json::Map::len);
    let found = found.as_array().map_or(0, Vec::len);
    if wanted == found {
        Vec::new()
    } else {
        vec![format!("{found} networks in place of {wanted}")]
    }
}

fn capability(file: &Value) -> Value {
    match file.as_str() {
        Some("ALL") | None => file.clone(),
        Some(name) => json!(format!("CAP_{}", name.trim_start_matches("CAP_"))),
    }
}

fn mount(file: &Value) -> Value {
    let mut mount = json!({ "Type": file["type"], "Target": file["target"] });
    if file["read_only"] == true {
        mount["ReadOnly"] = json!(true);
    }
    if let Some(size) = number(&file["tmpfs"]["size"]) {
        mount["TmpfsOptions"] = json!({ "SizeBytes": size });
    }
    mount
}

fn port(file: &Value) -> Value {
    let mut port = json!({ "Protocol": file["protocol"], "TargetPort": file["target"], "PublishMode": file["mode"] });
    if let Some(published) = number(&file["published"]).filter(|published| *published != 0) {
        port["PublishedPort"] = json!(published);
    }
    port
}

/// A secret or a config, with the place that it is mounted at.
fn given(file: &Value, folder: &str) -> Value {
    let target = file["target"].as_str().unwrap_or_default();
    let mut mounted = json!({ "Name": target.strip_prefix(folder).unwrap_or(target).trim_start_matches('/') });
    if folder.is_empty() {
        mounted["Name"] = json!(target);
    }
    for (name, there) in [("uid", "UID"), ("gid", "GID"), ("mode", "Mode")] {
        if !file[name].is_null() {
            mounted[there] = file[name].clone();
        }
    }
    json!({ "File": mounted })
}

/// Whether everything of one value is in the other.
fn is_in(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => wanted.iter().all(|(name, wanted)| {
            let found = found.get(name);
            found.is_some_and(|found| is_in(wanted, found))
        }),
        _ => wanted == found,
    }
}
