//! Obole's own programs: every instance knows them as clients that nobody registered. They keep
//! no secret and no address, so another program can call itself one of them: people are told so
//! when they are asked.

use uuid::Uuid;

use crate::client::ClientId;

/// A program of Obole's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnProgram {
    /// `obole login`, `obole give`, `obole month`.
    CommandLine,
}

impl OwnProgram {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::CommandLine];

    /// Its id, the same on every instance.
    #[must_use]
    pub const fn id(self) -> ClientId {
        match self {
            Self::CommandLine => {
                ClientId::new(Uuid::from_u128(0x0b01_e000_0000_7000_8000_0000_0000_0001))
            }
        }
    }

    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommandLine => "Obole command line",
        }
    }

    /// The program of an id.
    #[must_use]
    pub fn of(id: ClientId) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_programs_and_reads_back() {
        for program in OwnProgram::ALL {
            let printed = program.id().to_string();
            let read = ClientId::parse(&printed).expect("an id");
            assert_eq!(OwnProgram::of(read), Some(program));
        }
        assert_eq!(
            OwnProgram::CommandLine.id().to_string(),
            "0b01e000-0000-7000-8000-000000000001"
        );
        assert_eq!(OwnProgram::of(ClientId::new(Uuid::nil())), None);
    }
}
