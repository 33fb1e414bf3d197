-- generation, token, now, until, kept milliseconds, transaction
local entry = read(KEYS[1])
local ids = ''
if entry then ids = recent(entry, number(ARGV[3])) end
if not knows(ids, ARGV[6]) then ids = with(ids, ARGV[6]) end
local lease = made('L', ARGV[1], ARGV[2], ARGV[3], ARGV[4], ids)
redis.call('SET', KEYS[1], lease, 'PX', ARGV[5])
return lease
