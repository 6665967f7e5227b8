-- Sayable codes of works: one a work and language, never another work's.

create table work_codes (
    code text not null primary key,
    work uuid not null references works (id),
    language text not null,
    created_at bigint not null,
    unique (work, language)
) /*strict, clustered*/;
