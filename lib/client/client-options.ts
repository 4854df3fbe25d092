import type { ConnectionOptions } from 'node:tls'
import type { Credentials, CredentialsProvider } from '../remoting/credentials'
import type { Dialer } from '../remoting/dialer'
import type { RpcInterceptor } from '../remoting/rpc-interceptor'
import type { Clock } from '../runtime/clock'
import type { Logger } from '../runtime/log'
import type { SerializeType } from '../wire/remoting-command'
import type { Secret } from './secret'
import type { MetricsRecorder } from './telemetry/metrics'

/** What producers, consumers and the admin client have in common. Options given in code beat the environment. */
export interface ClientOptions {
  /**
   * Name servers: `'h1:9876;h2:9876'`, bracketed IPv6, a list of such, or the http(s) URL of an address server.
   * Default: the environment variable NAMESRV_ADDR.
   */
  readonly namesrvAddr?: string | readonly string[]
  /**
   * Namespace, version 1: on brokers topics and groups are called `namespace%name`; here all names are without it. Letters,
   * digits, `_` and `-`. Default: none, or that of the endpoint of a cloud instance. Not for the admin client.
   */
  readonly namespace?: string
  /** Namespace, version 2, of proxies and brokers from 5.2: a field of every request; names stay as they are. Default: none. */
  readonly namespaceV2?: string
  /** Limit of one request to a broker or name server, ms; default 3000 (Java `mqClientApiTimeout`). */
  readonly requestTimeoutMs?: number
  /** Limit of one attempt to connect, ms; default 3000. */
  readonly connectTimeoutMs?: number
  /** How often routes are asked for, ms; default 30000. */
  readonly pollNameServerIntervalMs?: number
  /** How often brokers hear of this client, ms; default 30000. Brokers drop clients that are silent for 120 s. */
  readonly heartbeatBrokerIntervalMs?: number
  /**
   * What every request is signed with, or a function that gives it: asked at the first request, before keys end and when
   * a server refuses them. Default: the environment's ROCKETWIRE_ACCESS_KEY and ROCKETWIRE_SECRET_KEY, else no signing.
   */
  readonly credentials?: Credentials | CredentialsProvider
  /**
   * TLS to name servers and brokers: true, or options of Node's `tls.connect`, such as `ca`, `cert`, `key`, `passphrase`,
   * `servername`, `minVersion`. Certificates and host names are checked unless `rejectUnauthorized` is false. Default false.
   */
  readonly tls?: boolean | ConnectionOptions
  /** Sends and administration go to the second port of brokers, which is two below the first (Java's name); default false. */
  readonly vipChannelEnabled?: boolean
  /** Where log lines go; default is the `debug` package under `rocketwire:*`, silent unless DEBUG names it. */
  readonly logger?: Logger
  /** Takes counts, durations and gauges, such as one of `rocketwire/otel` or `rocketwire/prometheus`; default: none are taken. */
  readonly metrics?: MetricsRecorder
  /** Run around every request to a name server or broker, the first one outermost (Java `RPCHook`). None means no step at all. */
  readonly rpcInterceptors?: readonly RpcInterceptor[]
  /** What most programs leave as it is. */
  readonly advanced?: AdvancedOptions
}

/** Options that few need. */
export interface AdvancedOptions {
  /** Header form of requests; default JSON. Replies are read in either form. */
  readonly serialization?: SerializeType
  /** Language to announce; default NODE_JS to brokers that know it (from 5.3.2), else OTHER. */
  readonly language?: string
  /** Last part of the client id; default is the process id with a random part. Two clients must not share an id by accident. */
  readonly instanceName?: string
  /** Appended to the client id, for unitised deployments. */
  readonly unitName?: string
  /** Tells brokers that messages and groups are of a unitised deployment; they mark the topics for it. Default false. */
  readonly unitMode?: boolean
  /** Source of time; default is the system's. */
  readonly clock?: Clock
  /** Opens connections, such as through a proxy; default is plain TCP. With `tls`, TLS is spoken over what it opens. */
  readonly dialer?: Dialer
}

/** `ClientOptions` with every default filled in. */
export interface ResolvedClientOptions {
  readonly namesrvAddr: string
  /** Empty: none. */
  readonly namespace: string
  /** Empty: none. */
  readonly namespaceV2: string
  readonly requestTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly pollNameServerIntervalMs: number
  readonly heartbeatBrokerIntervalMs: number
  readonly credentials: Secret<Credentials | CredentialsProvider> | undefined
  readonly tls: Secret<ConnectionOptions> | undefined
  readonly vipChannelEnabled: boolean
  readonly logger: Logger | undefined
  readonly metrics: MetricsRecorder | undefined
  /** Undefined where there are none. */
  readonly rpcInterceptors: Secret<readonly RpcInterceptor[]> | undefined
  readonly serialization: SerializeType
  readonly language: string | undefined
  readonly instanceName: string | undefined
  readonly unitName: string | undefined
  readonly unitMode: boolean
  readonly clock: Clock
  /** Undefined for the usual TCP connection. */
  readonly dialer: Dialer | undefined
}
