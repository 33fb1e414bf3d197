/**
 * The gateway: which route a request takes, who may take it, how often, and what is changed on the way. Pure but for the few checks that say
 * otherwise: no channel, no thread; the front door asks on its loop and is answered at once. Start at {@link dev.banyan.http.gateway.Call}.
 */
package dev.banyan.http.gateway;
