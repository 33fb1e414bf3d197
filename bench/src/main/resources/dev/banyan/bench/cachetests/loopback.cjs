// Loaded before the suite's origin server, which listens on every address of the machine: here, on loopback alone.
const net = require('net')
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...others) {
  return listen.call(this, Number(port), '127.0.0.1', ...others)
}
