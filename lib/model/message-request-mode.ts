/** How members of a group get the messages of a topic; the broker knows it. Brokers from 5.0. */
export type MessageRequestMode = 'PULL' | 'POP'
