-- Wireshark dissector for ST-LINK traffic. Commands, statuses and products below come from swdoctor's tables.
-- Put it into Wireshark's plugin folder, or: tshark -X lua_script:stlink.lua -r FILE
local commands, statuses, modes, products = {}, {}, {}, {}
-- @TABLES@

local stlink = Proto("stlink", "ST-LINK")
local f = stlink.fields
f.command = ProtoField.uint16("stlink.command", "Command bytes", base.HEX)
f.name = ProtoField.string("stlink.name", "Command")
f.says = ProtoField.string("stlink.says", "Meaning")
f.asked = ProtoField.framenum("stlink.command_frame", "Command in frame")
f.status = ProtoField.uint8("stlink.status", "Status", base.HEX, statuses)
f.mode = ProtoField.uint8("stlink.mode", "Mode", base.HEX, modes)
f.millivolts = ProtoField.uint32("stlink.millivolts", "Target voltage", base.DEC)
f.version = ProtoField.string("stlink.version", "Version")
f.data = ProtoField.bytes("stlink.data", "Data")
f.address = ProtoField.uint32("stlink.address", "Address", base.HEX)
f.length = ProtoField.uint32("stlink.length", "Length", base.DEC)
f.value = ProtoField.uint32("stlink.value", "Value", base.HEX)
f.argument = ProtoField.uint32("stlink.argument", "Argument", base.HEX)

-- What each frame was taken for on the first pass: frames may be shown in any order later.
local roles, open = {}, {}
local usb_bus, usb_device = Field.new("usb.bus_id"), Field.new("usb.device_address")

function stlink.init()
  roles, open = {}, {}
end

local function device()
  local bus, dev = usb_bus(), usb_device()
  return tostring(bus and bus.value) .. "." .. tostring(dev and dev.value)
end

local function find(tvb)
  if tvb:len() == 0 then return nil end
  if tvb:len() > 1 then
    local row = commands[tvb(0, 2):uint()]
    if row then return row end
  end
  return commands[tvb(0, 1):uint()]
end

local function is_command(tvb, is_in, last)
  if is_in or tvb:len() > 16 or tvb(0, 1):uint() < 0xf1 or tvb(0, 1):uint() > 0xfc then return false end
  -- data to be written may look like a command
  return not (last and last.row.data == "OUT" and not last.served and tvb:len() ~= 16)
end

local function role_of(tvb, pinfo, is_in)
  local role = roles[pinfo.number]
  if role then return role end
  local key = device()
  local last = open[key]
  if is_command(tvb, is_in, last) then
    local row = find(tvb)
    role = { row = row or { name = "UNKNOWN", says = "unknown command", data = "UNKNOWN", where = "NONE", fields = {} },
             command = true, frame = pinfo.number }
    open[key] = role
  elseif last then
    role = { row = last.row, asked = last.frame }
    last.served = true
  else
    role = {}
  end
  roles[pinfo.number] = role
  return role
end

local function add_fields(tree, tvb, row)
  for _, field in ipairs(row.fields) do
    local name, at, size, big = field[1], field[2], field[3], field[4]
    if at + size <= tvb:len() then
      local range = tvb(at, size)
      local value = big and range:uint() or range:le_uint()
      if name == "address" or name == "length" or name == "value" then
        tree:add(f[name], range, value)
      else
        tree:add(f.argument, range, value):set_text(name .. ": " .. string.format("0x%x (%d)", value, value))
      end
    end
  end
end

local function add_command(tree, tvb, pinfo, row)
  local two = tvb:len() > 1 and commands[tvb(0, 2):uint()] == row
  tree:add(f.command, tvb(0, two and 2 or 1))
  tree:add(f.name, tvb(0, two and 2 or 1), row.name)
  tree:add(f.says, tvb(0, two and 2 or 1), row.says)
  add_fields(tree, tvb, row)
  pinfo.cols.info = row.name .. ": " .. row.says
end

local function add_reply(tree, tvb, pinfo, row, asked)
  local info = "reply to " .. row.name
  tree:add(f.asked, asked):set_generated()
  if row.where == "FIRST" or row.where == "OF_LAST" then
    local status = tvb(0, 1):uint()
    tree:add(f.status, tvb(0, 1))
    info = info .. ": " .. (statuses[status] or string.format("0x%02x", status))
  elseif row.name == "GET_CURRENT_MODE" then
    tree:add(f.mode, tvb(0, 1))
    info = info .. ": " .. (modes[tvb(0, 1):uint()] or "unknown mode")
  elseif row.name == "GET_TARGET_VOLTAGE" and tvb:len() >= 8 then
    local reference, measured = tvb(0, 4):le_uint(), tvb(4, 4):le_uint()
    if reference > 0 then
      local mv = math.floor(2 * measured * 1200 / reference)
      tree:add(f.millivolts, tvb(0, 8), mv)
      info = info .. string.format(": %.3f V", mv / 1000)
    end
  elseif row.name == "GET_VERSION" and tvb:len() >= 6 then
    local word = tvb(0, 2):uint()
    local version = string.format("V%dJ%d", bit.rshift(word, 12), bit.band(bit.rshift(word, 6), 63))
    tree:add(f.version, tvb(0, 2), version)
    info = info .. ": " .. version
  end
  tree:add(f.data, tvb())
  pinfo.cols.info = info
end

function stlink.dissector(tvb, pinfo, root)
  if tvb:len() == 0 then return 0 end
  local is_in = tostring(pinfo.dst) == "host"
  local role = role_of(tvb, pinfo, is_in)
  if not role.row then return 0 end
  pinfo.cols.protocol = "ST-LINK"
  local tree = root:add(stlink, tvb())
  if role.command then
    add_command(tree, tvb, pinfo, role.row)
  else
    add_reply(tree, tvb, pinfo, role.row, role.asked)
  end
  return tvb:len()
end

-- Where the capture holds the descriptors by product; where it does not, by class: vendor-specific, or not known.
DissectorTable.get("usb.bulk"):add(0xff, stlink)
DissectorTable.get("usb.bulk"):add(0xffff, stlink)
for product in pairs(products) do
  DissectorTable.get("usb.product"):add(0x04830000 + product, stlink)
end
