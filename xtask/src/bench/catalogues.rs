//! The catalogues that are measured: made up once, loaded once, and kept for the next time.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::catalogue;
use crate::tools::{Build, root, run, target, target_folder};

/// A made-up catalogue in a file.
pub struct Catalogue {
    pub albums: u64,
    pub seed: u64,
    pub csv: PathBuf,
    name: String,
}

/// A catalogue in a database.
pub struct Loaded {
    /// As `--database` takes it.
    pub url: String,
    /// Where the search index may lie.
    pub index: PathBuf,
    /// How long the import took; none where it is not known any more.
    pub took: Option<Duration>,
}

impl Loaded {
    /// Takes away the search index, so that it has to be built.
    pub fn forget_index(&self) -> anyhow::Result<()> {
        match fs::remove_dir_all(&self.index) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl Catalogue {
    /// Makes it, unless it is there from before.
    pub fn make(albums: u64, seed: u64) -> anyhow::Result<Self> {
        let folder = target_folder().join("bench");
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let name = format!("{albums}-albums-seed-{seed}-schema-{}", newest_migration()?);
        let csv = folder.join(format!("{name}.csv"));
        if !csv.exists() {
            println!("making up {albums} albums");
            let unfinished = folder.join(format!("{name}.csv.unfinished"));
            catalogue::write(albums, seed, &unfinished)?;
            fs::rename(&unfinished, &csv)?;
        }
        Ok(Self {
            albums,
            seed,
            csv,
            name,
        })
    }

    fn beside(&self, ending: &str) -> PathBuf {
        self.csv.with_file_name(format!("{}.{ending}", self.name))
    }

    /// Loads it into an SQLite database of its own, unless it is there from before.
    pub fn in_sqlite(&self) -> anyhow::Result<Loaded> {
        let (database, took) = (self.beside("sqlite"), self.beside("import-ms"));
        if !took.exists() || !database.exists() {
            for ending in ["sqlite", "sqlite-wal", "sqlite-shm"] {
                let _ = fs::remove_file(self.beside(ending));
            }
            let milliseconds = self.import(&format!("sqlite:{}", database.display()))?.as_millis();
            fs::write(&took, milliseconds.to_string())?;
        }
        let milliseconds = fs::read_to_string(&took)?.trim().parse().ok();
        Ok(Loaded {
            url: format!("sqlite:{}", database.display()),
            index: self.beside("search"),
            took: milliseconds.map(Duration::from_millis),
        })
    }

    /// Loads it into a SQL Server's database, which may hold smaller ones.
    pub fn in_sql_server(&self, file: &Path) -> anyhow::Result<Loaded> {
        let url = format!("sqlserver:{}", file.display());
        let took = self.import(&url)?;
        Ok(Loaded {
            url,
            index: self.beside("search-of-sql-server"),
            took: Some(took),
        })
    }

    fn import(&self, url: &str) -> anyhow::Result<Duration> {
        println!("importing {} albums", self.albums);
        let album_graph = target("album-graph", Build::Release);
        run(Command::new(&album_graph).args(["migrate", "--database", url]))?;
        let started = Instant::now();
        let import = Command::new(&album_graph)
            .arg("import")
            .arg(&self.csv)
            .args(["--database", url])
            .status();
        anyhow::ensure!(import?.success(), "the import failed");
        Ok(started.elapsed())
    }

    /// So many of its lines, as chance has it.
    pub fn sample(&self, count: usize) -> anyhow::Result<Vec<csv::StringRecord>> {
        let mut rng = fastrand::Rng::with_seed(self.seed);
        let mut sample = Vec::with_capacity(count);
        let mut reader = csv::Reader::from_reader(File::open(&self.csv)?);
        for (place, line) in reader.records().enumerate() {
            let place = if place < count { place } else { rng.usize(..=place) };
            if place >= sample.len() {
                sample.push(line?);
            } else if let Some(other) = sample.get_mut(place) {
                *other = line?;
            }
        }
        Ok(sample)
    }
}

/// The number that the newest migration's name begins with: another schema is another database.
fn newest_migration() -> anyhow::Result<String> {
    let folder = root().join("migrations/sqlite");
    let names = fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names: Vec<String> = names.collect::<std::io::Result<_>>()?;
    let newest = names.into_iter().max().context("there is no migration")?;
    Ok(newest.chars().take_while(char::is_ascii_digit).collect())
}
