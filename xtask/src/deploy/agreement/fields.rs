//! The fields of a service, where each of them is in the stack file, and where in the service.

use serde_json::Value;

use super::lists;
use super::units::{nano_cpus, nanoseconds, number};

/// How a value is written in the two places.
#[derive(Clone, Copy)]
enum Written {
    Same,
    /// Values that are different every time, under the same names.
    Names,
    Number,
    Time,
    Cpus,
    /// As an image, perhaps with its digest behind it.
    Image,
    /// The name of a group of settings.
    Mode,
}

use Written::{Cpus, Image, Mode, Names, Number, Same, Time};

/// A field in the file, its place in the service, and how it is written there.
const FIELDS: [(&str, &str, Written); 35] = [
    ("/image", "/TaskTemplate/ContainerSpec/Image", Image),
    ("/command", "/TaskTemplate/ContainerSpec/Args", Same),
    ("/labels", "/TaskTemplate/ContainerSpec/Labels", Names),
    ("/user", "/TaskTemplate/ContainerSpec/User", Same),
    ("/init", "/TaskTemplate/ContainerSpec/Init", Same),
    ("/read_only", "/TaskTemplate/ContainerSpec/ReadOnly", Same),
    (
        "/stop_grace_period",
        "/TaskTemplate/ContainerSpec/StopGracePeriod",
        Time,
    ),
    ("/sysctls", "/TaskTemplate/ContainerSpec/Sysctls", Same),
    (
        "/healthcheck/test",
        "/TaskTemplate/ContainerSpec/Healthcheck/Test",
        Same,
    ),
    (
        "/healthcheck/interval",
        "/TaskTemplate/ContainerSpec/Healthcheck/Interval",
        Time,
    ),
    (
        "/healthcheck/timeout",
        "/TaskTemplate/ContainerSpec/Healthcheck/Timeout",
        Time,
    ),
    (
        "/healthcheck/start_period",
        "/TaskTemplate/ContainerSpec/Healthcheck/StartPeriod",
        Time,
    ),
    (
        "/healthcheck/retries",
        "/TaskTemplate/ContainerSpec/Healthcheck/Retries",
        Number,
    ),
    ("/logging/driver", "/TaskTemplate/LogDriver/Name", Same),
    ("/logging/options", "/TaskTemplate/LogDriver/Options", Same),
    ("/deploy/mode", "/Mode", Mode),
    ("/deploy/replicas", "/Mode/Replicated/Replicas", Number),
    ("/deploy/labels", "/Labels", Names),
    ("/deploy/endpoint_mode", "/EndpointSpec/Mode", Same),
    (
        "/deploy/placement/constraints",
        "/TaskTemplate/Placement/Constraints",
        Same,
    ),
    (
        "/deploy/placement/max_replicas_per_node",
        "/TaskTemplate/Placement/MaxReplicas",
        Number,
    ),
    ("/deploy/update_config/parallelism", "/UpdateConfig/Parallelism", Number),
    ("/deploy/update_config/order", "/UpdateConfig/Order", Same),
    (
        "/deploy/update_config/failure_action",
        "/UpdateConfig/FailureAction",
        Same,
    ),
    ("/deploy/update_config/monitor", "/UpdateConfig/Monitor", Time),
    (
        "/deploy/rollback_config/parallelism",
        "/RollbackConfig/Parallelism",
        Number,
    ),
    ("/deploy/rollback_config/order", "/RollbackConfig/Order", Same),
    ("/deploy/rollback_config/monitor", "/RollbackConfig/Monitor", Time),
    (
        "/deploy/restart_policy/condition",
        "/TaskTemplate/RestartPolicy/Condition",
        Same,
    ),
    (
        "/deploy/restart_policy/delay",
        "/TaskTemplate/RestartPolicy/Delay",
        Time,
    ),
    (
        "/deploy/restart_policy/max_attempts",
        "/TaskTemplate/RestartPolicy/MaxAttempts",
        Number,
    ),
    (
        "/deploy/resources/limits/cpus",
        "/TaskTemplate/Resources/Limits/NanoCPUs",
        Cpus,
    ),
    (
        "/deploy/resources/limits/memory",
        "/TaskTemplate/Resources/Limits/MemoryBytes",
        Number,
    ),
    (
        "/deploy/resources/limits/pids",
        "/TaskTemplate/Resources/Limits/Pids",
        Number,
    ),
    (
        "/deploy/resources/reservations/memory",
        "/TaskTemplate/Resources/Reservations/MemoryBytes",
        Number,
    ),
];

/// Groups of fields, to be looked into.
const GROUPS: [&str; 9] = [
    "/healthcheck",
    "/logging",
    "/deploy",
    "/deploy/placement",
    "/deploy/update_config",
    "/deploy/rollback_config",
    "/deploy/restart_policy",
    "/deploy/resources",
    "/deploy/resources/limits",
];

/// Where the file and the service differ, and what the file says that nothing is known of.
pub fn compare(file: &Value, service: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    walk("", file, service, &mut differences);
    differences
}

fn walk(place: &str, file: &Value, service: &Value, differences: &mut Vec<String>) {
    for (name, value) in file.as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        if GROUPS.contains(&place.as_str()) || place == "/deploy/resources/reservations" {
            walk(&place, value, service, differences);
        } else if let Some(complaints) = lists::compare(&place, value, service) {
            differences.extend(complaints);
        } else if let Some((_, there, written)) = FIELDS.iter().find(|(here, ..)| *here == place) {
            let found = service.pointer(there).unwrap_or(&Value::Null);
            if !written.same(value, found) {
                differences.push(format!("{place} is {value} in the file and {found} in the service"));
            }
        } else {
            differences.push(format!(
                "{place} is in the file, and nothing is known of where it would be in the service"
            ));
        }
    }
}

impl Written {
    fn same(self, file: &Value, service: &Value) -> bool {
        let text = file.as_str().unwrap_or_default();
        match self {
            Same => service == file,
            Names => file
                .as_object()
                .into_iter()
                .flatten()
                .all(|(name, _)| service.get(name).is_some()),
            Number => number(file).is_some_and(|number| service.as_u64() == Some(number)),
            Time => nanoseconds(text).is_some_and(|time| service.as_u64() == Some(time)),
            Cpus => nano_cpus(text).is_some_and(|cpus| service.as_u64() == Some(cpus)),
            Image => service
                .as_str()
                .is_some_and(|image| image.split('@').next() == Some(text)),
            Mode => service.get(mode(text)).is_some(),
        }
    }
}

fn mode(name: &str) -> &str {
    match name {
        "global" => "Global",
        "replicated-job" => "ReplicatedJob",
        "global-job" => "GlobalJob",
        _ => "Replicated",
    }
}

/// The same for a network.
pub fn compare_network(file: &Value, network: &Value) -> Vec<String> {
    let subnets = |config: &Value, name: &str| -> Vec<Value> {
        let config = config.as_array().map_or(&[][..], Vec::as_slice);
        config.iter().map(|part| part[name].clone()).collect()
    };
    let mut differences = Vec::new();
    for (name, value) in file.as_object().into_iter().flatten() {
        let same = match name.as_str() {
            "driver" => network["Driver"] == *value,
            "internal" => network["Internal"] == *value,
            // It is there, with or without a value.
            "driver_opts" => value
                .as_object()
                .into_iter()
                .flatten()
                .all(|(name, _)| network["Options"].get(name).is_some()),
            "ipam" => subnets(&value["config"], "subnet") == subnets(&network["IPAM"]["Config"], "Subnet"),
            _ => false,
        };
        if !same {
            differences.push(format!("{name} is {value} in the file, and not in the network"));
        }
    }
    differences
}
