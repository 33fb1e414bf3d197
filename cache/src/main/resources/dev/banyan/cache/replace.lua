-- head of the entry that must be there, entry, kept milliseconds
local there = redis.pcall('GET', KEYS[1])
if type(there) ~= 'string' or string.sub(there, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
