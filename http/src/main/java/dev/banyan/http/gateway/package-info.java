/**
 * The gateway: which route a request takes, who may take it, how often, and what is changed on the way. Pure but for the few checks that say
 * otherwise: no channel, no thread; the front door asks on its loop and is answered at once.
 *
 * <p>Start at {@link dev.banyan.http.gateway.Passage}, one request's way: {@link dev.banyan.http.gateway.RouteTable} is the site's routes,
 * {@link dev.banyan.http.gateway.Call} what is known of the request, {@link dev.banyan.http.gateway.Check} what it is asked. {@code PathView}
 * is a path as routes see it; {@link dev.banyan.http.gateway.Explanation} says what becomes of a request and why.
 */
package dev.banyan.http.gateway;
