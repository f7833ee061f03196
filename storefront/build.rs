//! Hands the contract to cynic, so that every query is checked against it at compile time.

fn main() {
    cynic_codegen::register_schema("album_graph")
        .from_sdl_file("../schema.graphql")
        .expect("schema.graphql is readable and valid")
        .as_default()
        .expect("it can be the default schema");
}
