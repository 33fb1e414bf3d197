/** PostgreSQL's frontend/backend protocol, versions 3.0 and 3.2: messages, start-up, TLS, authentication (PostgreSQL's manual, chapter 53). */
package dev.banyan.postgres.wire;
