//! nginx with one file, where it is installed: what a button is measured against.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Where it may be.
const PLACES: [&str; 4] =
    ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"];

/// How long it may take to listen.
const WAIT: Duration = Duration::from_secs(10);

/// A running nginx; it ends with this.
pub struct Nginx {
    child: Child,
    folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Nginx {
    /// Serves some bytes as `/button.svg`; with the system call that hands files to sockets, as
    /// distributions set it up, or without it. None where nginx is not installed.
    pub fn start(bytes: &[u8], has_sendfile: bool) -> Result<Option<Self>> {
        let Some(program) = PLACES.into_iter().find(|place| Path::new(place).exists()) else {
            return Ok(None);
        };
        let name = format!("obole-nginx-{}-{has_sendfile}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("button.svg"), bytes)?;
        // Free at this moment; nobody else on this machine is about to take it.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let path = folder.join("nginx.conf");
        fs::write(&path, configuration(&folder, address, has_sendfile))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).arg("-c").arg(&path).stdin(Stdio::null());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let nginx = Self { child: child.context("nginx does not start")?, folder, address };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if started.elapsed() > WAIT {
                bail!("nginx does not listen");
            }
            std::thread::yield_now();
        }
        Ok(Some(nginx))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGQUIT would wait for connections; its workers end with their master.
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if asked.is_err() {
            let _ended = self.child.kill();
        }
        let _code = self.child.wait();
        let _removed = fs::remove_dir_all(&self.folder);
    }
}

/// As fast as it can be made: no log, files held open, connections kept.
fn configuration(folder: &Path, address: SocketAddr, has_sendfile: bool) -> String {
    let (folder, sendfile) = (folder.display(), if has_sendfile { "on" } else { "off" });
    format!(
        "daemon off;\nworker_processes auto;\nerror_log {folder}/error.log;\n\
         pid {folder}/nginx.pid;\nevents {{ worker_connections 4096; }}\n\
         http {{\n\
         types {{ image/svg+xml svg; }}\naccess_log off;\n\
         sendfile {sendfile};\ntcp_nopush {sendfile};\n\
         open_file_cache max=100;\nkeepalive_requests 100000000;\n\
         client_body_temp_path {folder};\nproxy_temp_path {folder};\nfastcgi_temp_path {folder};\n\
         uwsgi_temp_path {folder};\nscgi_temp_path {folder};\n\
         server {{\nlisten {address};\nroot {folder};\n\
         add_header cache-control 'public, max-age=3600, stale-while-revalidate=86400';\n\
         add_header access-control-allow-origin '*';\n\
         add_header cross-origin-resource-policy cross-origin;\n\
         add_header x-content-type-options nosniff;\n}}\n}}\n"
    )
}
