-- A key also ends at a time that the host team sets, or when nobody has used it for long; `used_at` is when it last let a publisher in.
-- `takeover`: who comes second with the key takes the show over; otherwise is refused.
alter table room_stream_keys
  add column expires_at timestamptz,
  add column used_at timestamptz,
  add column takeover boolean not null default false;
