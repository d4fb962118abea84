/** The tables of the access log, step by step; steps only go forward and are never edited once released. */

export const logTables = ['access_log_link', 'access_record', 'processing_record'] as const;

/**
 * In the form of the event store's migrations, so that opening the database can apply them together. `{{application}}` becomes the
 * role as which the service runs: it may read and add, and can neither change nor remove.
 * No column is a copy of something inside a line: what is searched is what is hashed.
 */
export const accessLogMigrations = {
  component: 'access-log',
  steps: [
    `
create table convenant.access_log_link (
  number bigint primary key check (number > 0),
  line text not null,
  hash text not null,
  signed text not null
);
create table convenant.access_record (number bigint primary key check (number > 0), line text not null);
create table convenant.processing_record (number bigint primary key check (number > 0), line text not null);
create index access_record_by_subject on convenant.access_record
  ((line::jsonb ->> 'subject'), ((line::jsonb ->> 'at') collate "C"), number) where line::jsonb ->> 'subject' is not null;
create index access_record_by_person on convenant.access_record
  ((line::jsonb ->> 'person'), ((line::jsonb ->> 'at') collate "C"), number) where line::jsonb ->> 'person' is not null;
create index access_record_by_moment on convenant.access_record (((line::jsonb ->> 'at') collate "C"), number);
revoke all on convenant.access_log_link, convenant.access_record, convenant.processing_record from public, {{application}};
grant usage on schema convenant to {{application}};
grant select, insert on convenant.access_log_link, convenant.access_record, convenant.processing_record to {{application}};`,
  ],
} as const;
