-- Orders by group commit. The shop id leads every key of the hot tables, so that they can be distributed by it.
-- Which index was kept on the way of an order and which was not, with figures: docs/adr/0004-order-tables.md.
-- There are no foreign keys here on purpose: each would cost a look-up a row; place_orders takes every id from a row it has locked.

create sequence order_ids;

-- One order is one shop's part of a checkout. What the states are and what follows what: apps/server/src/orders/order-state.ts.
create table orders (
  shop_id bigint not null,
  id bigint not null,
  buyer_id bigint not null,
  checkout_id uuid not null,
  room_id bigint,
  status text not null default 'held'
    check (status in ('held', 'paid', 'shipped', 'received', 'cancelled', 'expired')),
  total_fen bigint not null check (total_fen > 0),
  net_g bigint not null check (net_g > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  shipped_at timestamptz,
  received_at timestamptz,
  closed_at timestamptz,
  address jsonb not null,
  primary key (shop_id, id)
);

-- Both indexes hold only the orders that wait for something, so they stay small however many orders there are.
create index orders_held_by_expiry on orders (expires_at) where status = 'held';
create index orders_to_ship on orders (shop_id, id) where status = 'paid';

-- What was bought: (shop_id, sku_id, sku_version) is the listing as it stood in sku_versions. net_g is that of one pack.
create table order_lines (
  shop_id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  sku_id bigint not null,
  sku_version int not null,
  qty int not null check (qty > 0),
  price_fen int not null check (price_fen > 0),
  net_g int not null check (net_g > 0),
  primary key (shop_id, order_id, line_no)
);

-- A buyer's checkouts with their orders. The row with seq 0 is the claim that settles a race for the same idempotency key
-- (checkout_id); the same index answers "my orders". It leads with the buyer, because a checkout is over several shops.
create table checkout_orders (
  buyer_id bigint not null,
  checkout_id uuid not null,
  seq smallint not null,
  shop_id bigint not null,
  order_id bigint not null,
  goods text not null,
  primary key (buyer_id, checkout_id, seq)
);

-- Packs of a SKU a buyer holds or has bought: what the limit per buyer counts.
create table buyer_quota (
  shop_id bigint not null,
  sku_id bigint not null,
  buyer_id bigint not null,
  packs int not null check (packs >= 0),
  primary key (shop_id, sku_id, buyer_id)
);

-- The outcomes of a checkout; of several that hold the lowest is told:
-- 1 accepted, 2 replayed, 3 key reused, 4 unknown SKU, 5 not on sale, 6 price changed (detail: price now, fen),
-- 7 over the buyer's limit (detail: packs still allowed), 8 sold out (detail: packs left).

-- Decides checkouts one after the other, each wholly or not at all: what one is refused for takes nothing from those behind
-- it. Only for batches in which not everything fits; place_orders says what the arrays hold. p_seen is for each checkout the
-- goods that its key has bought before this batch, or null. same_as is the earlier checkout of the batch with the same key.
create function decide_orders_in_turn(
  p_price int[], p_limit int[], p_stock int[], p_open boolean[], p_taken int[], p_seen text[],
  p_same_key int[], p_goods text[], p_last_line int[],
  p_line_sku int[], p_line_quota int[], p_line_qty int[], p_line_fen int[],
  out outcomes int[], out refused_lines int[], out details int[], out same_as int[]
) language plpgsql immutable as $decide$
declare
  v_zeros constant int[] := array_fill(0, array[cardinality(p_last_line)]);
  v_holder int[] := v_zeros;
  v_from int := 1; v_to int; v_first int; v_outcome int; v_line int; v_detail int; v_code int; k int; u int;
begin
  outcomes := v_zeros; refused_lines := v_zeros; details := v_zeros; same_as := v_zeros;
  for c in 1 .. cardinality(p_last_line) loop
    v_to := p_last_line[c];
    v_first := case when p_same_key is null then c else p_same_key[c] end;
    v_outcome := 1; v_line := 0; v_detail := 0;
    if p_seen[c] is not null then
      v_outcome := case when p_seen[c] = p_goods[c] then 2 else 3 end;
    elsif v_holder[v_first] > 0 then
      same_as[c] := v_holder[v_first];
      v_outcome := case when p_goods[v_holder[v_first]] = p_goods[c] then 2 else 3 end;
    else
      for l in v_from .. v_to loop
        k := p_line_sku[l];
        v_code := case when p_price[k] is null then 4 when not p_open[k] then 5 when p_price[k] <> p_line_fen[l] then 6 else 1 end;
        if v_code > 1 and (v_outcome = 1 or v_code < v_outcome) then
          v_outcome := v_code; v_line := l; v_detail := case when v_code = 6 then p_price[k] else 0 end;
        end if;
      end loop;
      if v_outcome = 1 then
        for l in v_from .. v_to loop
          k := p_line_sku[l]; u := p_line_quota[l];
          p_taken[u] := p_taken[u] + p_line_qty[l]; p_stock[k] := p_stock[k] - p_line_qty[l];
        end loop;
        for l in v_from .. v_to loop
          k := p_line_sku[l];
          v_code := case when p_taken[p_line_quota[l]] > p_limit[k] then 7 when p_stock[k] < 0 then 8 else 1 end;
          if v_code > 1 and (v_outcome = 1 or v_code < v_outcome) then
            v_outcome := v_code; v_line := l;
          end if;
        end loop;
        if v_outcome = 1 then
          v_holder[v_first] := c;
        else
          for l in v_from .. v_to loop
            k := p_line_sku[l]; u := p_line_quota[l];
            p_taken[u] := p_taken[u] - p_line_qty[l]; p_stock[k] := p_stock[k] + p_line_qty[l];
          end loop;
          k := p_line_sku[v_line];
          v_detail := case when v_outcome = 7 then greatest(p_limit[k] - p_taken[p_line_quota[v_line]], 0) else p_stock[k] end;
        end if;
      end if;
    end if;
    outcomes[c] := v_outcome; refused_lines[c] := v_line; details[c] := v_detail;
    v_from := v_to + 1;
  end loop;
end $decide$;

-- Places a batch of checkouts in one statement, all decided as if they came one after the other in order of arrival. When
-- everything fits, which is nearly always, the order of arrival cannot matter and the decision is made by sets.
--
-- The arrays count from 1. p_sku: each SKU once, in (shop, SKU) order. p_quota: each pair of SKU and buyer once. p_last_line
-- and p_goods: one a checkout, in order of arrival. p_same_key: null when no two checkouts share buyer and key, else for each
-- the first that has its buyer and key. p_order: one a shop of a checkout. p_line: in order of their checkouts.
-- Answers a value for each checkout (no outcomes: all accepted), but order_ids for each order; replays are the orders that keys had bought before.
--
-- Locks are taken in one sequence always, so that parallel batches do not deadlock: stock rows in (shop, SKU) order, then keys
-- in (buyer, key) order, then quotas, which the lock on their stock row covers. Each lock is a statement of its own, so that the
-- next statement has a snapshot that is younger than the lock; this needs read committed.
create function place_orders(
  p_now timestamptz, p_expires timestamptz, p_room_expires timestamptz, p_sku_shop bigint[], p_sku bigint[], p_quota_sku int[], p_quota_buyer bigint[],
  p_last_line int[], p_goods text[], p_same_key int[],
  p_order_checkout int[], p_order_seq smallint[], p_order_shop bigint[], p_order_buyer bigint[], p_order_key uuid[],
  p_order_room bigint[], p_order_address jsonb[],
  p_line_order int[], p_line_no smallint[], p_line_sku int[], p_line_quota int[], p_line_qty int[], p_line_fen int[],
  out outcomes int[], out refused_lines int[], out details int[], out same_as int[], out order_ids bigint[], out replays jsonb
) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $place$
declare
  v_price int[]; v_net int[]; v_version int[]; v_limit int[]; v_stock int[]; v_open boolean[]; v_taken int[]; v_seen text[];
  v_claims int; v_claimed int;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'place_orders needs read committed';
  end if;
  perform 1 from unnest(p_sku_shop, p_sku) w(shop_id, sku_id) join sku_stock s using (shop_id, sku_id)
    order by s.shop_id, s.sku_id for no key update of s;
  loop
    select array_agg(s.price_fen order by w.i), array_agg(s.net_g order by w.i), array_agg(s.version order by w.i),
           array_agg(s.buyer_limit order by w.i), array_agg(s.stock order by w.i), array_agg(coalesce(s.on_sale, false) order by w.i)
      into v_price, v_net, v_version, v_limit, v_stock, v_open
      from unnest(p_sku_shop, p_sku) with ordinality w(shop_id, sku_id, i) left join sku_stock s using (shop_id, sku_id);
    select array_agg(coalesce(b.packs, 0) order by w.i) into v_taken
      from unnest(p_quota_sku, p_quota_buyer) with ordinality w(k, buyer_id, i)
      left join buyer_quota b on b.shop_id = p_sku_shop[w.k] and b.sku_id = p_sku[w.k] and b.buyer_id = w.buyer_id;
    select jsonb_agg(jsonb_build_object('checkout', w.c, 'shopId', o.shop_id, 'orderId', o.id, 'totalFen', o.total_fen,
                                        'expiresAt', o.expires_at, 'goods', k.goods) order by w.c, k.seq)
      into replays
      from unnest(p_order_checkout, p_order_seq, p_order_buyer, p_order_key) w(c, seq, buyer_id, key)
      join checkout_orders k on k.buyer_id = w.buyer_id and k.checkout_id = w.key
      join orders o on o.shop_id = k.shop_id and o.id = k.order_id
     where w.seq = 0;

    if replays is null and p_same_key is null and not (false = any (v_open))
       and not exists (select from unnest(p_line_sku, p_line_fen) l(k, fen) where v_price[l.k] <> l.fen)
       and not exists (select from unnest(p_line_sku, p_line_qty) l(k, qty) group by l.k having sum(l.qty) > v_stock[l.k])
       and not exists (select from unnest(p_line_quota, p_line_qty) l(u, qty) group by l.u
                       having v_taken[l.u] + sum(l.qty) > v_limit[p_quota_sku[l.u]])
    then
      outcomes := null;
    else
      select array_agg(r.goods order by w.c) into v_seen
        from generate_series(1, cardinality(p_last_line)) w(c)
        left join (select distinct on (1) (r ->> 'checkout')::int as c, r ->> 'goods' as goods from jsonb_array_elements(replays) r) r using (c);
      select d.* into outcomes, refused_lines, details, same_as
        from decide_orders_in_turn(v_price, v_limit, v_stock, v_open, v_taken, v_seen, p_same_key, p_goods, p_last_line,
                                   p_line_sku, p_line_quota, p_line_qty, p_line_fen) d;
    end if;

    select array_agg(case when outcomes is null or outcomes[w.c] = 1 then nextval('order_ids') end order by w.i),
           count(*) filter (where outcomes is null or outcomes[w.c] = 1)
      into order_ids, v_claims
      from unnest(p_order_checkout) with ordinality w(c, i);
    exit when v_claims = 0;
    insert into checkout_orders (buyer_id, checkout_id, seq, shop_id, order_id, goods)
      select p_order_buyer[w.o], p_order_key[w.o], w.seq, p_order_shop[w.o], w.id, case w.seq when 0 then p_goods[w.c] else '' end
        from unnest(p_order_checkout, p_order_seq, order_ids) with ordinality w(c, seq, id, o)
       where w.id is not null
       order by 1, 2, 3
      on conflict do nothing;
    get diagnostics v_claimed = row_count;
    exit when v_claimed = v_claims;
    -- A parallel batch has bought with one of these keys since the look-up: give the claims back and decide again, with it seen.
    delete from checkout_orders k using unnest(p_order_buyer, p_order_key, order_ids) w(buyer_id, key, id)
     where k.buyer_id = w.buyer_id and k.checkout_id = w.key and k.order_id = w.id;
  end loop;
  if v_claims = 0 then
    return;
  end if;

  insert into orders (shop_id, id, buyer_id, checkout_id, room_id, total_fen, net_g, created_at, expires_at, address)
    select p_order_shop[l.o], order_ids[l.o], p_order_buyer[l.o], p_order_key[l.o], p_order_room[l.o],
           sum(l.qty::bigint * l.fen), sum(l.qty::bigint * v_net[l.k]), p_now,
           case when p_order_room[l.o] is null then p_expires else p_room_expires end, p_order_address[l.o]
      from unnest(p_line_order, p_line_sku, p_line_qty, p_line_fen) l(o, k, qty, fen)
     where order_ids[l.o] is not null
     group by l.o;
  insert into order_lines (shop_id, order_id, line_no, sku_id, sku_version, qty, price_fen, net_g)
    select p_order_shop[l.o], order_ids[l.o], l.line_no, p_sku[l.k], v_version[l.k], l.qty, l.fen, v_net[l.k]
      from unnest(p_line_order, p_line_no, p_line_sku, p_line_qty, p_line_fen) l(o, line_no, k, qty, fen)
     where order_ids[l.o] is not null;
  insert into buyer_quota as b (shop_id, sku_id, buyer_id, packs)
    select p_sku_shop[p_quota_sku[l.u]], p_sku[p_quota_sku[l.u]], p_quota_buyer[l.u], sum(l.qty)
      from unnest(p_line_quota, p_line_order, p_line_qty) l(u, o, qty)
     where order_ids[l.o] is not null
     group by l.u
    on conflict (shop_id, sku_id, buyer_id) do update set packs = b.packs + excluded.packs;
  update sku_stock s set stock = s.stock - t.qty
    from (select l.k, sum(l.qty) as qty from unnest(p_line_sku, p_line_order, p_line_qty) l(k, o, qty)
           where order_ids[l.o] is not null group by l.k) t
   where s.shop_id = p_sku_shop[t.k] and s.sku_id = p_sku[t.k];
end $place$;
