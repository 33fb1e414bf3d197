/**
 * The front door: HTTP in, the choice of a server, HTTP/1.1 to it.
 *
 * <p>Bytes are forwarded, not objects: a head is parsed where it lies ({@link dev.banyan.http.RequestHead}), rewritten once
 * ({@link dev.banyan.http.RequestWriter}), and bodies pass through as the buffers they came in, counted and checked by
 * {@link dev.banyan.http.Body}. Everything a request touches belongs to one IO loop ({@link dev.banyan.http.Lane}). Start at
 * {@link dev.banyan.http.FrontDoor}, then follow a request: {@link dev.banyan.http.ClientConnection}, {@link dev.banyan.http.Exchange},
 * {@link dev.banyan.http.ServerConnection}. How a connection begins (PROXY header, TLS, HTTP/1.1 or HTTP/2) is in {@link
 * dev.banyan.http.Greeting}; HTTP/2 in {@link dev.banyan.http.ClientStreams} and {@link dev.banyan.http.ClientStream}.
 */
package dev.banyan.http;
