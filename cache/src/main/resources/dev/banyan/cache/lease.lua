-- generation, token, now, until, kept milliseconds, oldest that answers
local gen, token, now, till, kept, oldest = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], number(ARGV[6])
local entry = read(KEYS[1])
local ids = ''
if entry then
  if answers(entry) and generation(entry) == gen and at(entry) >= oldest then return entry end
  if state(entry) == 'L' and generation(entry) == gen and ends(entry) > number(now) then return entry end
  ids = recent(entry, number(now))
end
local lease = made('L', gen, token, now, till, ids)
redis.call('SET', KEYS[1], lease, 'PX', kept)
return lease
