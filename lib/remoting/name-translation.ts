/** Translates the names in what is sent and received: headers and bodies as rows of commands hold them. */
export interface NameTranslation {
  /** A request or an answer that is to be sent. */
  outgoing<T>(message: T): T
  /** A request or an answer that was received. */
  incoming<T>(message: T): T
}
