-- Entries of declared keys; their layout stands at dev.banyan.cache.Entry. Numbers have their highest byte first.
local HEAD, MOST_XIDS = 35, 8
local NO_TOKEN = string.rep('\0', 8)
-- What was loaded longer ago than this saw transactions that every replica has by now: their ids are forgotten.
local FORGET_MILLIS = 600000

-- A number of 8 bytes, exact up to 2^53.
local function number(bytes)
  local n = 0
  for i = 1, 8 do n = n * 256 + string.byte(bytes, i) end
  return n
end

-- The bytes under the key; nil when there are none, or no entry.
local function read(key)
  local bytes = redis.pcall('GET', key)
  if type(bytes) ~= 'string' or #bytes < HEAD or string.byte(bytes, 1) ~= 1 then return nil end
  if #bytes < HEAD + 4 * string.byte(bytes, HEAD) then return nil end
  return bytes
end

local function state(entry) return string.sub(entry, 2, 2) end
local function generation(entry) return string.sub(entry, 3, 10) end
local function at(entry) return number(string.sub(entry, 19, 26)) end
local function ends(entry) return number(string.sub(entry, 27, 34)) end
local function answers(entry) return state(entry) == 'V' or state(entry) == 'N' end

-- The ids of the transactions it knows, 4 bytes each.
local function xids(entry) return string.sub(entry, HEAD + 1, HEAD + 4 * string.byte(entry, HEAD)) end

local function knows(ids, xid)
  for i = 1, #ids, 4 do
    if string.sub(ids, i, i + 3) == xid then return true end
  end
  return false
end

-- The ids with another behind them; the oldest goes when there are too many.
local function with(ids, xid)
  if #ids == 4 * MOST_XIDS then ids = string.sub(ids, 5) end
  return ids .. xid
end

-- The ids that count at a time.
local function recent(entry, now)
  if now - at(entry) > FORGET_MILLIS then return '' end
  return xids(entry)
end

local function made(letter, gen, token, now, till, ids)
  return '\1' .. letter .. gen .. token .. now .. till .. string.char(#ids / 4) .. ids
end
