-- transaction, generation, now, kept milliseconds. Where nothing is, nothing can be filled: a load that has begun holds a lease.
local entry = read(KEYS[1])
if not entry then
  redis.call('DEL', KEYS[1])
  return 0
end
local ids = recent(entry, number(ARGV[3]))
if knows(xids(entry), ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], made('G', ARGV[2], NO_TOKEN, ARGV[3], string.rep('\0', 8), with(ids, ARGV[1])), 'PX', ARGV[4])
if answers(entry) then return 1 end
return 0
