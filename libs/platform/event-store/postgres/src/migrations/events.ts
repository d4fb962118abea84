/** The event log: one table that is only added to, and the one function through which the application adds to it. */

/**
 * Order and checkpoint are (epoch, tx, seq), never seq alone: an older transaction may draw a later number.
 * `epoch` rises when the database finds itself on another server (restored there), where transaction ids start low again.
 * The application role may read events and call `append`; it has no right to change or delete one.
 */
export const events = [
  `
create table convenant.log_state (
  only_row boolean primary key default true check (only_row),
  epoch int not null,
  server text not null
);
insert into convenant.log_state (epoch, server) values (1, '');

create table convenant.events (
  epoch int not null,
  tx xid8 not null,
  seq bigint generated always as identity,
  stream text collate "C" not null,
  version int not null check (version > 0),
  id text collate "C" not null,
  type text collate "C" not null,
  type_version int not null,
  data json not null,
  sealed json not null,
  meta json not null,
  primary key (epoch, tx, seq),
  unique (stream, version),
  unique (id)
);

-- Raising the epoch excludes appends (advisory lock 7302): an event of the old epoch must not commit after one of the new epoch was read.
create function convenant.settle_epoch() returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  here text := (select system_identifier from pg_control_system()) || '/' || (select oid from pg_database where datname = current_database());
  settled int;
begin
  select s.epoch into settled from convenant.log_state s where s.server = here;
  if found then return settled; end if;
  perform pg_advisory_xact_lock(7302, 0);
  update convenant.log_state s
    set epoch = s.epoch + case when s.server = '' then 0 else 1 end, server = here
    where s.server <> here;
  return (select s.epoch from convenant.log_state s);
end $$;

-- Several appends in one transaction and one round trip; each gets an answer of its own. The streams are locked in one order, so that
-- two batches never wait for each other in a circle; the unique constraints stay behind as the last word.
create function convenant.append(
  streams text[], expected int[], sizes int[],
  ids text[], types text[], type_versions int[], datas json[], sealeds json[], metas json[]
) returns table (outcome text, version int, epoch int, tx text, seq bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  now_epoch int;
  now_tx xid8;
  first int := 1;
  last int;
  known int;
  elsewhere int;
  reached int;
  wrote boolean := false;
begin
  perform pg_advisory_xact_lock_shared(7302, 0);
  perform pg_advisory_xact_lock(7301, locks.key)
    from (select distinct hashtext(s) as key from unnest(streams) s order by 1) locks;
  -- Only now: a transaction id drawn before waiting for a stream would put this append before the one that it waited for.
  now_tx := pg_current_xact_id();
  select s.epoch into now_epoch from convenant.log_state s;
  for i in 1 .. cardinality(streams) loop
    last := first + sizes[i] - 1;
    select count(*), count(*) filter (where e.stream <> streams[i]), max(e.version) into known, elsewhere, reached
      from convenant.events e where e.id = any (ids[first:last]);
    if elsewhere > 0 then
      return query select 'known-elsewhere', 0, 0, '', 0::bigint;
    elsif known = sizes[i] then
      return query select 'appended', e.version, e.epoch, e.tx::text, e.seq
        from convenant.events e where e.stream = streams[i] and e.version = reached;
    elsif known > 0 then
      return query select 'partly-known', 0, 0, '', 0::bigint;
    else
      select coalesce(max(e.version), 0) into reached from convenant.events e where e.stream = streams[i];
      if reached <> expected[i] then
        return query select 'conflict', reached, 0, '', 0::bigint;
      else
        return query with written as (
          insert into convenant.events as e (epoch, tx, stream, version, id, type, type_version, data, sealed, meta)
          select now_epoch, now_tx, streams[i], reached + n.place, n.id, n.type, n.type_version, n.data, n.sealed, n.meta
          from unnest(ids[first:last], types[first:last], type_versions[first:last], datas[first:last], sealeds[first:last], metas[first:last])
            with ordinality as n (id, type, type_version, data, sealed, meta, place)
          order by n.place
          returning e.version, e.epoch, e.tx, e.seq
        ) select 'appended', w.version, w.epoch, w.tx::text, w.seq from written w order by w.version desc limit 1;
        wrote := true;
      end if;
    end if;
    first := last + 1;
  end loop;
  -- Only where several processes asked for it: commits that notify take turns in the whole server, fsync included.
  if wrote and current_setting('convenant.notify', true) = 'on' then perform pg_notify('convenant_appended', ''); end if;
end $$;

revoke all on function convenant.settle_epoch(), convenant.append(text[], int[], int[], text[], text[], int[], json[], json[], json[]) from public;
grant execute on function convenant.settle_epoch(), convenant.append(text[], int[], int[], text[], text[], int[], json[], json[], json[]) to {{application}};
grant select on convenant.log_state, convenant.events to {{application}};
`,
  `
-- Its statements were planned anew for every event, because the planner believes that an array of unknown length is long.
alter function convenant.append(text[], int[], int[], text[], text[], int[], json[], json[], json[])
  set plan_cache_mode = force_generic_plan set enable_seqscan = off;
`,
] as const;
