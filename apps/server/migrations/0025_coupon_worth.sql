-- An offer never takes off all that it asks for (0022), so an order is never free. A coupon holds to it by itself, because one that did
-- not would end the whole batch that it is ordered in.
alter table coupons add constraint coupons_off_below_from check (off_fen > 0 and from_fen > off_fen);
