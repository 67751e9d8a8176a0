-- Placing and closing orders with coupons. These functions stand in place of those of 0004_orders.sql; what they do without coupons,
-- and why, is the same.

-- What the coupons of a batch are good for. The arrays count from 1 and have one value a coupon, in the order of their checkouts; p_first
-- and p_last name the orders of its checkout. orders: the order it is for, null for none. codes: 1 good, or the outcome it is
-- refused with; details go with them.
create function read_coupons(
  p_now timestamptz, p_coupon bigint[], p_checkout int[], p_first int[], p_last int[],
  p_buyer bigint[], p_order_shop bigint[], p_order_fen bigint[], out orders int[], out off int[], out codes int[], out details int[]
) language plpgsql volatile set enable_seqscan = off as $coupons$
begin
  select array_agg(r.o order by r.i), array_agg(r.off_fen order by r.i), array_agg(r.code order by r.i),
         array_agg(case when r.code = 13 then r.from_fen else 0 end order by r.i)
    into orders, off, codes, details
    from (select x.i, x.o, x.off_fen, x.from_fen,
                 case when x.id is null then 10 when x.order_id is not null then 11 when x.valid_until <= p_now then 12
                      when x.o is null then 14 when row_number() over (partition by x.o order by x.i) > 1 then 15
                      when p_order_fen[x.o] < x.from_fen then 13 else 1 end as code
            from (select w.i, c.*, (select n from generate_series(w.first, w.last) n where p_order_shop[n] = c.shop_id) as o
                    from unnest(p_coupon, p_checkout, p_first, p_last) with ordinality w(coupon, checkout, first, last, i)
                    left join lateral (
                      select c.* from coupons c where c.buyer_id = p_buyer[w.checkout] and c.id = w.coupon offset 0
                    ) c on true) x) r;
end $coupons$;

-- Locks the coupons of a batch in (buyer, id) order. Whoever locks stock rows too has locked them before.
create function lock_coupons(p_coupon bigint[], p_checkout int[], p_buyer bigint[]) returns void
language plpgsql volatile set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $lock$
begin
  perform 1 from coupons c
    where (c.buyer_id, c.id) in (select p_buyer[w.checkout], w.coupon from unnest(p_coupon, p_checkout) w(coupon, checkout))
    order by c.buyer_id, c.id for no key update;
end $lock$;

-- Puts free coupons into the orders that were placed with them; answers how many.
create function use_coupons(p_coupon bigint[], p_checkout int[], p_buyer bigint[], p_order int[], p_order_ids bigint[]) returns int
language plpgsql volatile set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $use$
declare
  v_used int;
begin
  update coupons c set order_id = p_order_ids[w.o]
    from unnest(p_coupon, p_checkout, p_order) w(coupon, checkout, o)
   where c.buyer_id = p_buyer[w.checkout] and c.id = w.coupon and p_order_ids[w.o] is not null and c.order_id is null;
  get diagnostics v_used = row_count;
  return v_used;
end $use$;

-- The outcomes of a checkout; of several that hold the lowest is told:
-- 1 accepted, 2 replayed, 3 key reused, 4 unknown address, 5 unknown SKU, 6 not on sale, 7 price changed (detail: price now,
-- fen), 8 over the buyer's limit (detail: packs still allowed), 9 sold out (detail: packs left). Of coupons: 10 unknown, 11 used,
-- 12 its time is over, 13 the goods of its shop come to too little (detail: from how much, fen), 14 of a shop that nothing is ordered
-- from, 15 a second one for the same shop.

-- Decides checkouts one after the other, each wholly or not at all: what one is refused for takes nothing from those behind
-- it. Only for batches in which not everything fits; place_orders says what the arrays hold. p_seen is for each checkout the
-- goods that its key has bought before this batch, or null; p_known whether its address is one of the buyer's; p_coupon_code what
-- read_coupons said. same_as is the earlier checkout of the batch with the same key. Of a coupon refused_lines is its number.
drop function decide_orders_in_turn;
create function decide_orders_in_turn(
  p_price int[], p_limit int[], p_stock int[], p_open boolean[], p_quotas int, p_taken int[], p_seen text[], p_known boolean[],
  p_same_key int[], p_goods text[], p_last_line int[],
  p_line_sku int[], p_line_quota int[], p_line_qty int[], p_line_fen int[],
  p_coupon bigint[], p_coupon_checkout int[], p_coupon_code int[], p_coupon_detail int[],
  out outcomes int[], out refused_lines int[], out details int[], out same_as int[]
) language plpgsql immutable as $decide$
declare
  v_zeros constant int[] := array_fill(0, array[cardinality(p_last_line)]);
  v_holder int[] := v_zeros;
  -- Counts on over the batch; of SKUs without a limit it holds nothing from before and is not looked at.
  v_taken int[] := case when p_taken is null then array_fill(0, array[greatest(p_quotas, 1)])
    else (select array_agg(coalesce(x.packs, 0) order by x.i) from unnest(p_taken) with ordinality x(packs, i)) end;
  v_used bigint[] := '{}'; v_coupon int := 1;
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
    elsif not p_known[c] then
      v_outcome := 4; v_line := v_from;
    else
      for l in v_from .. v_to loop
        k := p_line_sku[l];
        v_code := case when p_price[k] is null then 5 when not p_open[k] then 6 when p_price[k] <> p_line_fen[l] then 7 else 1 end;
        if v_code > 1 and (v_outcome = 1 or v_code < v_outcome) then
          v_outcome := v_code; v_line := l; v_detail := case when v_code = 7 then p_price[k] else 0 end;
        end if;
      end loop;
      if v_outcome = 1 then
        for l in v_from .. v_to loop
          k := p_line_sku[l]; u := p_line_quota[l];
          v_taken[u] := v_taken[u] + p_line_qty[l]; p_stock[k] := p_stock[k] - p_line_qty[l];
        end loop;
        for l in v_from .. v_to loop
          k := p_line_sku[l];
          v_code := case when v_taken[p_line_quota[l]] > p_limit[k] and p_limit[k] < 100000 then 8 when p_stock[k] < 0 then 9 else 1 end;
          if v_code > 1 and (v_outcome = 1 or v_code < v_outcome) then
            v_outcome := v_code; v_line := l;
          end if;
        end loop;
        for j in v_coupon .. coalesce(cardinality(p_coupon), 0) loop
          exit when p_coupon_checkout[j] <> c;
          v_code := case when p_coupon[j] = any (v_used) then 11 else p_coupon_code[j] end;
          if v_code > 1 and v_outcome = 1 then
            v_outcome := v_code; v_line := j; v_detail := p_coupon_detail[j];
          end if;
        end loop;
        if v_outcome = 1 then
          v_holder[v_first] := c;
          for j in v_coupon .. coalesce(cardinality(p_coupon), 0) loop
            exit when p_coupon_checkout[j] <> c;
            v_used := v_used || p_coupon[j];
          end loop;
        else
          for l in v_from .. v_to loop
            k := p_line_sku[l]; u := p_line_quota[l];
            v_taken[u] := v_taken[u] - p_line_qty[l]; p_stock[k] := p_stock[k] + p_line_qty[l];
          end loop;
          if v_outcome in (8, 9) then
            k := p_line_sku[v_line];
            v_detail := case when v_outcome = 8 then greatest(p_limit[k] - v_taken[p_line_quota[v_line]], 0) else p_stock[k] end;
          end if;
        end if;
      end if;
    end if;
    outcomes[c] := v_outcome; refused_lines[c] := v_line; details[c] := v_detail;
    v_from := v_to + 1;
    while p_coupon_checkout[v_coupon] = c loop
      v_coupon := v_coupon + 1;
    end loop;
  end loop;
end $decide$;

-- What the good coupons of a batch take off each order, with the coupon, and off each line: a line's share is what its order's lines up
-- to it would bear, rounded down, less what those before it bear. So shares add up, and none is more than its line.
create function spread_discounts(
  p_coupon bigint[], p_coupon_order int[], p_coupon_off int[], p_coupon_code int[], p_order_fen bigint[],
  p_line_order int[], p_line_qty int[], p_line_fen int[], out discounts int[], out coupon_ids bigint[], out line_discounts int[]
) language plpgsql immutable as $spread$
begin
  select array_agg(c.off order by w.o), array_agg(c.id order by w.o) into discounts, coupon_ids
    from generate_subscripts(p_order_fen, 1) w(o)
    left join unnest(p_coupon, p_coupon_order, p_coupon_off, p_coupon_code) c(id, o, off, code) on c.o = w.o and c.code = 1;
  select array_agg(case when discounts[s.o] is null then 0
                        else div(discounts[s.o]::numeric * s.upto, p_order_fen[s.o]) - div(discounts[s.o]::numeric * (s.upto - s.fen), p_order_fen[s.o])
                   end::int order by s.i)
    into line_discounts
    from (select l.o, l.i, l.qty::bigint * l.fen as fen, sum(l.qty::bigint * l.fen) over (partition by l.o order by l.i) as upto
            from unnest(p_line_order, p_line_qty, p_line_fen) with ordinality l(o, qty, fen, i)) s;
end $spread$;

-- Places a batch of checkouts in one statement, all decided as if they came one after the other in order of arrival.
--
-- The arrays count from 1. p_sku: each SKU once, in (shop, SKU) order. p_quota: each pair of SKU and buyer once. p_buyer to
-- p_goods: one a checkout, in order of arrival. p_same_key: null when no two checkouts share buyer and key, else for each
-- the first that has its buyer and key. p_order: one a shop of a checkout. p_line: in order of their checkouts.
-- Answers a value for each checkout (no outcomes: all accepted), but order_ids for each order; replays are the orders that
-- keys had bought before; changed_skus and stock_left tell what is left of the SKUs that were sold; discounts what coupons take off
-- each order. p_coupon and what goes with it (read_coupons) are null in a batch without coupons, which then reads no row more.
--
-- Nearly always everything fits, and then the order of arrival cannot matter. So the batch is first written as if it did, and
-- only then are the stock rows locked and is everything checked: while one batch holds the lock of a hot SKU until it is on
-- disk, the next one writes. What does not hold after all is rolled back and decided in turn, under the lock from the start.
--
-- Stock rows are locked in (shop, SKU) order and keys in (buyer, key) order. Quotas are read and written only under the lock on
-- their stock row, and read by the statement after it, whose snapshot is younger than the lock; this needs read committed.
-- Coupons are locked after stock rows, here and in close_held_orders.
-- Two batches with a key in common of which one is decided in turn may deadlock; PostgreSQL then ends one and the caller
-- sends it again. The queue of a process never has a key in two batches at a time.
--
-- Look-ups are lateral with offset 0: a plan that was made while a table was empty would otherwise read the whole of it.
drop function place_orders;
create function place_orders(
  p_now timestamptz, p_expires timestamptz, p_room_expires timestamptz,
  p_sku_shop bigint[], p_sku bigint[], p_quota_sku int[], p_quota_buyer bigint[],
  p_buyer bigint[], p_key uuid[], p_address bigint[], p_last_line int[], p_goods text[], p_same_key int[],
  p_order_checkout int[], p_order_seq smallint[], p_order_shop bigint[], p_order_buyer bigint[], p_order_key uuid[],
  p_order_room bigint[], p_order_address bigint[], p_order_goods text[], p_order_fen bigint[],
  p_line_order int[], p_line_no smallint[], p_line_sku int[], p_line_quota int[], p_line_qty int[], p_line_fen int[],
  p_coupon bigint[], p_coupon_checkout int[], p_coupon_first int[], p_coupon_last int[],
  out outcomes int[], out refused_lines int[], out details int[], out same_as int[], out order_ids bigint[], out replays jsonb,
  out changed_skus int[], out stock_left int[], out discounts int[]
) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $place$
declare
  v_today constant date := (p_now at time zone 'UTC')::date;
  v_price int[]; v_net int[]; v_version int[]; v_limit int[]; v_stock int[]; v_open boolean[]; v_seen_version int[];
  v_taken int[]; v_seen text[]; v_known boolean[];
  v_coupon_order int[]; v_coupon_off int[]; v_coupon_code int[]; v_coupon_detail int[]; v_order_coupon bigint[]; v_line_discount int[];
  v_hopeful boolean := p_same_key is null; v_locked boolean := false; v_broken text; v_written int;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'place_orders needs read committed';
  end if;
  loop
    -- What the keys have bought before. Of a race for a key the claim below is the judge.
    select jsonb_agg(jsonb_build_object('checkout', w.c, 'shopId', k.shop_id, 'orderId', k.order_id, 'totalFen', k.total_fen,
                                        'discountFen', k.discount_fen, 'expiresAt', k.expires_at, 'goods', k.goods) order by w.c, k.seq)
      into replays
      from unnest(p_buyer, p_key) with ordinality w(buyer_id, key, c)
      cross join lateral (
        select k.*, o.total_fen, o.discount_fen, o.expires_at from checkout_orders k join orders o on o.shop_id = k.shop_id and o.id = k.order_id
         where k.buyer_id = w.buyer_id and k.checkout_id = w.key offset 0
      ) k;
    v_hopeful := v_hopeful and replays is null;

    if v_hopeful then
      select array_agg(s.price_fen order by w.i), array_agg(s.net_g order by w.i), array_agg(s.version order by w.i),
             array_agg(s.stock order by w.i), array_agg(coalesce(s.on_sale, false) order by w.i)
        into v_price, v_net, v_version, v_stock, v_open
        from unnest(p_sku_shop, p_sku) with ordinality w(shop_id, sku_id, i)
        left join lateral (
          select s.* from sku_stock s where s.shop_id = w.shop_id and s.sku_id = w.sku_id offset 0
        ) s on true;
      v_hopeful := not (false = any (v_open))
        and not exists (select from unnest(p_line_sku, p_line_fen) l(k, fen) where v_price[l.k] <> l.fen)
        and not exists (select from unnest(p_line_sku, p_line_qty) l(k, qty) group by l.k having sum(l.qty) > v_stock[l.k]);
      if v_hopeful and p_coupon is not null then
        select r.* into v_coupon_order, v_coupon_off, v_coupon_code, v_coupon_detail
          from read_coupons(p_now, p_coupon, p_coupon_checkout, p_coupon_first, p_coupon_last, p_buyer, p_order_shop, p_order_fen) r;
        v_hopeful := 1 = all (v_coupon_code) and not exists (select from unnest(p_coupon) u(id) group by u.id having count(*) > 1);
      end if;
    end if;
    if not v_hopeful then
      if not v_locked then
        select l.* into v_price, v_net, v_version, v_limit, v_stock, v_open from lock_stock(p_sku_shop, p_sku) l;
        select q.* into v_taken from read_quotas(p_sku_shop, p_sku, v_limit, p_quota_sku, p_quota_buyer) q;
        v_locked := true;
        if p_coupon is not null then
          perform lock_coupons(p_coupon, p_coupon_checkout, p_buyer);
          select r.* into v_coupon_order, v_coupon_off, v_coupon_code, v_coupon_detail
            from read_coupons(p_now, p_coupon, p_coupon_checkout, p_coupon_first, p_coupon_last, p_buyer, p_order_shop, p_order_fen) r;
          -- While this waited, a parallel batch may have used a coupon for the very same key: then that is what is told.
          continue;
        end if;
      end if;
      select array_agg(exists (select from addresses a where a.id = w.address_id and a.user_id = w.buyer_id) order by w.c)
        into v_known from unnest(p_buyer, p_address) with ordinality w(buyer_id, address_id, c);
      select array_agg(r.goods order by w.c) into v_seen
        from generate_series(1, cardinality(p_last_line)) w(c)
        left join (select distinct on (1) (r ->> 'checkout')::int as c, r ->> 'goods' as goods
                     from jsonb_array_elements(replays) with ordinality x(r, i) order by 1, x.i) r using (c);
      select d.* into outcomes, refused_lines, details, same_as
        from decide_orders_in_turn(v_price, v_limit, v_stock, v_open, cardinality(p_quota_sku), v_taken, v_seen, v_known, p_same_key, p_goods, p_last_line,
                                   p_line_sku, p_line_quota, p_line_qty, p_line_fen,
                                   p_coupon, p_coupon_checkout, v_coupon_code, v_coupon_detail) d;
    end if;

    select array_agg(case when outcomes is null or outcomes[w.c] = 1 then nextval('order_ids') end order by w.i) into order_ids
      from unnest(p_order_checkout) with ordinality w(c, i);
    if p_coupon is not null then
      select s.* into discounts, v_order_coupon, v_line_discount
        from spread_discounts(p_coupon, v_coupon_order, v_coupon_off, v_coupon_code, p_order_fen, p_line_order, p_line_qty, p_line_fen) s;
    end if;
    begin
      insert into checkout_orders (buyer_id, checkout_id, seq, shop_id, order_id, placed_on, goods)
        select w.buyer_id, w.key, w.seq, w.shop_id, w.id, v_today, w.goods
          from unnest(p_order_buyer, p_order_key, p_order_seq, p_order_shop, p_order_goods, order_ids)
               w(buyer_id, key, seq, shop_id, goods, id)
         where w.id is not null
         order by 1, 2, 3;
      insert into orders (shop_id, id, buyer_id, checkout_id, room_id, total_fen, placed_on, created_at, expires_at,
                          to_name, to_phone, to_region_code, to_detail, coupon_id, discount_fen)
        select w.shop_id, w.id, w.buyer_id, w.key, w.room_id, w.fen - coalesce(w.off, 0), v_today, p_now,
               case when w.room_id is null then p_expires else p_room_expires end, a.name, a.phone, a.region_code, a.detail,
               w.coupon_id, coalesce(w.off, 0)
          from unnest(order_ids, p_order_shop, p_order_buyer, p_order_key, p_order_room, p_order_address, p_order_fen, v_order_coupon, discounts)
               w(id, shop_id, buyer_id, key, room_id, address_id, fen, coupon_id, off)
         cross join lateral (
           select a.* from addresses a where a.id = w.address_id and a.user_id = w.buyer_id offset 0
         ) a
         where w.id is not null;
      get diagnostics v_written = row_count;
      if v_written <> (select count(*) from unnest(order_ids) i(id) where i.id is not null) then
        raise exception 'an address is not its buyer''s' using errcode = 'CB001';
      end if;
      insert into order_lines (shop_id, order_id, line_no, sku_id, sku_version, qty, price_fen, net_g, discount_fen)
        select p_order_shop[l.o], order_ids[l.o], l.line_no, p_sku[l.k], v_version[l.k], l.qty, l.fen, v_net[l.k], coalesce(l.off, 0)
          from unnest(p_line_order, p_line_no, p_line_sku, p_line_qty, p_line_fen, v_line_discount) l(o, line_no, k, qty, fen, off)
         where order_ids[l.o] is not null;
      if not v_hopeful then
        -- Their rows are locked and were read under the lock, so every coupon that was decided on is free.
        if p_coupon is not null then
          perform use_coupons(p_coupon, p_coupon_checkout, p_buyer, v_coupon_order, order_ids);
        end if;
        exit;
      end if;
      v_seen_version := v_version;
      select l.* into v_price, v_net, v_version, v_limit, v_stock, v_open from lock_stock(p_sku_shop, p_sku) l;
      select q.* into v_taken from read_quotas(p_sku_shop, p_sku, v_limit, p_quota_sku, p_quota_buyer) q;
      if v_version <> v_seen_version or false = any (v_open)
         or exists (select from unnest(p_line_sku, p_line_fen) l(k, fen) where v_price[l.k] <> l.fen)
         or exists (select from unnest(p_line_sku, p_line_qty) l(k, qty) group by l.k having sum(l.qty) > v_stock[l.k])
         or 100000 > any (v_limit) and exists (select from unnest(p_line_quota, p_line_qty) l(u, qty) group by l.u
                     having coalesce(v_taken[l.u], 0) + sum(l.qty) > v_limit[p_quota_sku[l.u]])
      then
        raise exception 'not everything fits' using errcode = 'CB001';
      end if;
      if p_coupon is not null then
        perform lock_coupons(p_coupon, p_coupon_checkout, p_buyer);
        if use_coupons(p_coupon, p_coupon_checkout, p_buyer, v_coupon_order, order_ids) <> cardinality(p_coupon) then
          raise exception 'a coupon was used meanwhile' using errcode = 'CB001';
        end if;
      end if;
      exit;
    exception
      when unique_violation then
        -- A parallel batch has bought with one of these keys since the look-up. It has committed, so the next look-up sees it.
        get stacked diagnostics v_broken = constraint_name;
        if v_broken <> 'checkout_orders_pkey' then
          raise;
        end if;
      when sqlstate 'CB001' then
        -- An address that goes between the check and the writing is the only way here a second time.
        v_hopeful := false;
    end;
  end loop;

  if 100000 > any (v_limit) then
    insert into buyer_quota (shop_id, sku_id, buyer_id, packs)
      select p_sku_shop[p_quota_sku[l.u]], p_sku[p_quota_sku[l.u]], p_quota_buyer[l.u], sum(l.qty)
        from unnest(p_line_quota, p_line_order, p_line_qty) l(u, o, qty)
       where v_taken[l.u] is null and order_ids[l.o] is not null and v_limit[p_quota_sku[l.u]] < 100000
       group by l.u;
    insert into buyer_quota as b (shop_id, sku_id, buyer_id, packs)
      select p_sku_shop[p_quota_sku[l.u]], p_sku[p_quota_sku[l.u]], p_quota_buyer[l.u], sum(l.qty)
        from unnest(p_line_quota, p_line_order, p_line_qty) l(u, o, qty)
       where v_taken[l.u] is not null and order_ids[l.o] is not null and v_limit[p_quota_sku[l.u]] < 100000
       group by l.u
      on conflict (shop_id, sku_id, buyer_id) do update set packs = b.packs + excluded.packs;
  end if;
  with sold as (
    update sku_stock s set stock = s.stock - t.qty
      from (select l.k, sum(l.qty) as qty from unnest(p_line_sku, p_line_order, p_line_qty) l(k, o, qty)
             where order_ids[l.o] is not null group by l.k) t
     where s.shop_id = p_sku_shop[t.k] and s.sku_id = p_sku[t.k]
    returning t.k, s.stock
  )
  select array_agg(sold.k order by sold.k), array_agg(sold.stock order by sold.k) into changed_skus, stock_left from sold;
end $place$;

-- Ends held orders of those named: their packs go back into the stock and their buyers' quotas, and their coupons to their buyers,
-- once, because only an order that is still held is touched. For 'expired' an order must also be past its time. Answers what it ended.
-- Orders are locked in (shop, id) order and then stock rows in (shop, SKU) order. place_orders waits for no order, so there is no circle.
create or replace function close_held_orders(p_now timestamptz, p_status text, p_shop bigint[], p_id bigint[])
returns table (shop_id bigint, order_id bigint) language plpgsql volatile
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $close$
#variable_conflict use_column
declare
  v_shop bigint[]; v_id bigint[]; v_coupons boolean;
begin
  select array_agg(h.shop_id), array_agg(h.id), bool_or(h.coupon_id is not null) into v_shop, v_id, v_coupons
    from (select o.shop_id, o.id, o.coupon_id from unnest(p_shop, p_id) w(shop_id, id) join orders o using (shop_id, id)
           where o.status = 'held' and (p_status <> 'expired' or o.expires_at <= p_now)
           order by o.shop_id, o.id for update of o) h;
  perform 1 from sku_stock s
    where (s.shop_id, s.sku_id) in (select l.shop_id, l.sku_id from unnest(v_shop, v_id) w(shop_id, id)
                                      join order_lines l on l.shop_id = w.shop_id and l.order_id = w.id)
    order by s.shop_id, s.sku_id for no key update;
  update orders o set status = p_status, closed_at = p_now
    from unnest(v_shop, v_id) w(shop_id, id) where o.shop_id = w.shop_id and o.id = w.id;
  update sku_stock s set stock = s.stock + t.qty
    from (select l.shop_id, l.sku_id, sum(l.qty) as qty from unnest(v_shop, v_id) w(shop_id, id)
            join order_lines l on l.shop_id = w.shop_id and l.order_id = w.id group by 1, 2) t
   where s.shop_id = t.shop_id and s.sku_id = t.sku_id;
  update buyer_quota b set packs = b.packs - t.qty
    from (select l.shop_id, l.sku_id, o.buyer_id, sum(l.qty) as qty from unnest(v_shop, v_id) w(shop_id, id)
            join orders o on o.shop_id = w.shop_id and o.id = w.id
            join order_lines l on l.shop_id = w.shop_id and l.order_id = w.id group by 1, 2, 3) t
   where b.shop_id = t.shop_id and b.sku_id = t.sku_id and b.buyer_id = t.buyer_id;
  if v_coupons then
    perform 1 from coupons c
      where (c.buyer_id, c.id) in (select o.buyer_id, o.coupon_id from unnest(v_shop, v_id) w(shop_id, id)
                                     join orders o on o.shop_id = w.shop_id and o.id = w.id where o.coupon_id is not null)
      order by c.buyer_id, c.id for no key update;
    update coupons c set order_id = null
      from unnest(v_shop, v_id) w(shop_id, id) join orders o on o.shop_id = w.shop_id and o.id = w.id
     where c.buyer_id = o.buyer_id and c.id = o.coupon_id and c.order_id = o.id;
  end if;
  return query select * from unnest(v_shop, v_id);
end $close$;
