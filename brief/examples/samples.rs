//! Writes the made-up materials of the tests as files, to be looked at: `cargo run -p brief
//! --example samples -- DIR`.

#[path = "../tests/it/samples/mod.rs"]
mod samples;

use std::{env, fs, io, path::PathBuf};

use brief::{
    content::{Brief, Coded, Figure},
    docx,
    links::{Links, SignOut},
    page, xlsx,
};

struct Demo;

impl Links for Demo {
    fn docx(&self) -> Option<String> {
        Some("/meeting/140600/2024.docx".to_owned())
    }

    fn xlsx(&self) -> Option<String> {
        Some("/meeting/140600/2024.xlsx".to_owned())
    }

    fn sign_out(&self) -> Option<SignOut> {
        Some(SignOut {
            action: "/meeting/sign-out".into(),
            who: "朔州市人力资源和社会保障局".into(),
            token: None,
        })
    }

    fn figure(&self, figure: &Figure) -> Option<String> {
        Some(format!("/meeting/140600/2024/records?indicator={}", figure.indicator.code))
    }

    fn region(&self, region: &Coded) -> Option<String> {
        Some(format!("/meeting/{}/2024", region.code))
    }
}

fn main() -> io::Result<()> {
    let directory = PathBuf::from(
        env::args_os().nth(1).ok_or_else(|| io::Error::other("say into which directory"))?,
    );
    fs::create_dir_all(&directory)?;
    let write = |name: &str, brief: &Brief| -> io::Result<()> {
        fs::write(directory.join(format!("{name}.html")), page::html(brief, &Demo))?;
        fs::write(
            directory.join(format!("{name}.docx")),
            docx::write(brief).map_err(io::Error::other)?,
        )?;
        fs::write(
            directory.join(format!("{name}.xlsx")),
            xlsx::write(brief).map_err(io::Error::other)?,
        )?;
        Ok(())
    };
    write("shuozhou", &samples::shuozhou())?;
    write("county", &samples::county())?;
    // Names as long as they get.
    let json = serde_json::to_string(&samples::shuozhou()).map_err(io::Error::other)?;
    let json = json
        .replace("平鲁某某煤业有限公司", &"某".repeat(150))
        .replace("朔城某某建筑工程有限公司", &"W".repeat(300));
    let json = json
        .replace("冒顶片帮", &"X".repeat(120))
        .replace("平鲁区", &"平鲁".repeat(40))
        .replace("煤矿", &"煤矿".repeat(30));
    write("long", &serde_json::from_str(&json).map_err(io::Error::other)?)
}
