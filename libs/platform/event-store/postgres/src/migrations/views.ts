/** Rows of every view in one table, what they are found by in a second, and how far each view has come in a third. */

export const views = [
  `
create table convenant.views (
  id int generated always as identity primary key,
  name text collate "C" not null,
  version int not null,
  position text collate "C" not null,
  unique (name, version)
);
create table convenant.view_rows (
  view int not null,
  key text collate "C" not null,
  row json not null,
  indexes json not null,
  sort text collate "C" not null,
  primary key (view, key)
);
-- In the order in which rows are found, so that a page is one range of this index.
create table convenant.view_index (
  view int not null,
  name text collate "C" not null,
  value text collate "C" not null,
  sort text collate "C" not null,
  key text collate "C" not null,
  primary key (view, name, value, sort, key)
);
create index on convenant.view_index (view, key);

create function convenant.save_view(
  view_name text, view_version int, expected text, next text,
  kinds text[], keys text[], rows json[], indexes json[], sorts text[]
) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  own int;
  before record;
begin
  if expected is null then
    insert into convenant.views (name, version, position) values (view_name, view_version, next)
      on conflict do nothing returning id into own;
  else
    update convenant.views v set position = next
      where v.name = view_name and v.version = view_version and v.position = expected returning v.id into own;
  end if;
  if own is null then return false; end if;
  for i in 1 .. cardinality(kinds) loop
    if kinds[i] = 'put' then
      select r.sort, r.indexes::text as indexes into before from convenant.view_rows r where r.view = own and r.key = keys[i];
      if found then
        update convenant.view_rows r set row = rows[i], indexes = save_view.indexes[i], sort = sorts[i]
          where r.view = own and r.key = keys[i];
        continue when before.sort = sorts[i] and before.indexes = indexes[i]::text;
        delete from convenant.view_index x where x.view = own and x.key = keys[i];
      else
        insert into convenant.view_rows values (own, keys[i], rows[i], indexes[i], sorts[i]);
      end if;
      insert into convenant.view_index select own, e.key, e.value, sorts[i], keys[i] from json_each_text(indexes[i]) e;
    elsif kinds[i] = 'delete' then
      delete from convenant.view_index x where x.view = own and x.key = keys[i];
      delete from convenant.view_rows r where r.view = own and r.key = keys[i];
    else
      -- Here keys[i] is the name of the index and sorts[i] the value.
      delete from convenant.view_rows r using convenant.view_index x
        where x.view = own and x.name = keys[i] and x.value = sorts[i] and r.view = own and r.key = x.key;
      delete from convenant.view_index x using convenant.view_index hit
        where hit.view = own and hit.name = keys[i] and hit.value = sorts[i] and x.view = own and x.key = hit.key;
    end if;
  end loop;
  return true;
end $$;

create function convenant.drop_view(view_name text, view_version int) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from convenant.views v where v.name = view_name and v.version = view_version returning id),
    rows as (delete from convenant.view_rows r using gone where r.view = gone.id)
  delete from convenant.view_index x using gone where x.view = gone.id;
$$;

revoke all on function convenant.save_view(text, int, text, text, text[], text[], json[], json[], text[]), convenant.drop_view(text, int) from public;
grant execute on function convenant.save_view(text, int, text, text, text[], text[], json[], json[], text[]), convenant.drop_view(text, int) to {{application}};
grant select, insert, update, delete on convenant.views, convenant.view_rows, convenant.view_index to {{application}};
`,
  `
-- What rows are found by is derived from the rows themselves. Here and below every row is looked up by its whole key, in a subquery that the
-- planner may not take apart (that is what \`offset 0\` does): a plan is kept for the session, and one that was made while the tables were small
-- would go through a whole view for each row.
create function convenant.remove_view_entries(own int, keys text[]) returns void
language sql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
  delete from convenant.view_index x where x.ctid = any (array(
    select i.place from unnest(keys) k (key)
    cross join lateral (
      select r.indexes, r.sort from convenant.view_rows r where r.view = own and r.key = k.key offset 0) r
    cross join lateral json_each_text(r.indexes) e
    cross join lateral (
      select i.ctid as place from convenant.view_index i
      where i.view = own and i.name = e.key and i.value = e.value and i.sort = r.sort and i.key = k.key offset 0) i));
$$;

-- At most one change of each key, and everything at once. Rows that are said to be new are not looked for; when one is there after all, its key
-- is refused as a double and nothing is saved.
create function convenant.change_view_rows(
  own int, keys text[], rows json[], indexes json[], sorts text[], are_new boolean[],
  gone_keys text[], gone_names text[], gone_values text[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  gone text[];
  -- For each row where it stands, null for one that is not there; and whether it stays findable by what it was.
  places tid[];
  kept boolean[];
begin
  if cardinality(gone_keys) + cardinality(gone_names) > 0 then
    gone := gone_keys || array(
      select x.key from unnest(gone_names, gone_values) g (name, value)
      cross join lateral (
        select x.key from convenant.view_index x where x.view = own and x.name = g.name and x.value = g.value offset 0) x);
    perform convenant.remove_view_entries(own, gone);
    delete from convenant.view_rows r where r.ctid = any (array(
      select b.place from unnest(gone) g (key)
      cross join lateral (
        select b.ctid as place from convenant.view_rows b where b.view = own and b.key = g.key offset 0) b));
  end if;
  if cardinality(keys) = 0 then return; end if;
  if false = any (are_new) then
    select array_agg(b.place order by p.number), array_agg(b.same order by p.number) into places, kept
      from unnest(keys, indexes, sorts, are_new) with ordinality p (key, indexes, sort, is_new, number)
      left join lateral (
        select b.ctid as place, b.sort = p.sort and b.indexes::text = p.indexes::text as same
        from convenant.view_rows b where b.view = own and b.key = p.key and not p.is_new offset 0) b on true;
    perform convenant.remove_view_entries(own, array(select p.key from unnest(keys, kept) p (key, kept) where not p.kept));
    update convenant.view_rows r set row = p.row, indexes = p.indexes, sort = p.sort
      from unnest(rows, change_view_rows.indexes, sorts, places) p (row, indexes, sort, place) where r.ctid = p.place;
  end if;
  insert into convenant.view_rows select own, p.key, p.row, p.indexes, p.sort
    from unnest(keys, rows, indexes, sorts, places) p (key, row, indexes, sort, place) where p.place is null;
  insert into convenant.view_index select own, e.key, e.value, p.sort, p.key
    from unnest(keys, indexes, sorts, kept) p (key, indexes, sort, kept), json_each_text(p.indexes) e where p.kept is not true;
end $$;

create function convenant.move_view(view_name text, view_version int, expected text, next text) returns int
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  own int;
begin
  if expected is null then
    insert into convenant.views (name, version, position) values (view_name, view_version, next)
      on conflict do nothing returning id into own;
  else
    update convenant.views v set position = next
      where v.name = view_name and v.version = view_version and v.position = expected returning v.id into own;
  end if;
  return own;
end $$;

create function convenant.save_view_rows(
  view_name text, view_version int, expected text, next text,
  keys text[], rows json[], indexes json[], sorts text[], are_new boolean[],
  gone_keys text[], gone_names text[], gone_values text[]
) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  own int := convenant.move_view(view_name, view_version, expected, next);
begin
  if own is null then return false; end if;
  perform convenant.change_view_rows(own, keys, rows, indexes, sorts, are_new, gone_keys, gone_names, gone_values);
  return true;
end $$;

-- For a release that runs beside this one: change by change, in the order given, without the index that is dropped below.
create or replace function convenant.save_view(
  view_name text, view_version int, expected text, next text,
  kinds text[], keys text[], rows json[], indexes json[], sorts text[]
) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  own int := convenant.move_view(view_name, view_version, expected, next);
begin
  if own is null then return false; end if;
  for i in 1 .. cardinality(kinds) loop
    if kinds[i] = 'put' then
      perform convenant.change_view_rows(own, keys[i:i], rows[i:i], indexes[i:i], sorts[i:i], '{f}', '{}', '{}', '{}');
    elsif kinds[i] = 'delete' then
      perform convenant.change_view_rows(own, '{}', '{}', '{}', '{}', '{}', keys[i:i], '{}', '{}');
    else
      -- Here keys[i] is the name of the index and sorts[i] the value.
      perform convenant.change_view_rows(own, '{}', '{}', '{}', '{}', '{}', '{}', keys[i:i], sorts[i:i]);
    end if;
  end loop;
  return true;
end $$;

-- It served to find what a row was found by; keeping it up was a third of the work of an entry.
drop index convenant.view_index_view_key_idx;

revoke all on function
  convenant.move_view(text, int, text, text),
  convenant.remove_view_entries(int, text[]),
  convenant.change_view_rows(int, text[], json[], json[], text[], boolean[], text[], text[], text[]),
  convenant.save_view_rows(text, int, text, text, text[], json[], json[], text[], boolean[], text[], text[], text[]) from public;
grant execute on function
  convenant.move_view(text, int, text, text),
  convenant.remove_view_entries(int, text[]),
  convenant.change_view_rows(int, text[], json[], json[], text[], boolean[], text[], text[], text[]),
  convenant.save_view_rows(text, int, text, text, text[], json[], json[], text[], boolean[], text[], text[], text[]) to {{application}};
`,
  `
-- Where every row is new, as in a view that is built, what it is found by comes as columns: taking it out of each row's JSON was a seventh of the work.
create function convenant.save_view_changes(
  view_name text, view_version int, expected text, next text,
  keys text[], rows json[], indexes json[], sorts text[], are_new boolean[],
  entry_names text[], entry_values text[], entry_sorts text[], entry_keys text[],
  gone_keys text[], gone_names text[], gone_values text[]
) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  own int := convenant.move_view(view_name, view_version, expected, next);
begin
  if own is null then return false; end if;
  if false = any (are_new) then
    perform convenant.change_view_rows(own, keys, rows, indexes, sorts, are_new, gone_keys, gone_names, gone_values);
    return true;
  end if;
  perform convenant.change_view_rows(own, '{}', '{}', '{}', '{}', '{}', gone_keys, gone_names, gone_values);
  insert into convenant.view_rows select own, p.* from unnest(keys, rows, indexes, sorts) p;
  insert into convenant.view_index select own, e.* from unnest(entry_names, entry_values, entry_sorts, entry_keys) e;
  return true;
end $$;

revoke all on function
  convenant.save_view_changes(text, int, text, text, text[], json[], json[], text[], boolean[], text[], text[], text[], text[], text[], text[], text[]) from public;
grant execute on function
  convenant.save_view_changes(text, int, text, text, text[], json[], json[], text[], boolean[], text[], text[], text[], text[], text[], text[], text[]) to {{application}};
`,
] as const;
