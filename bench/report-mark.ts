/** What a line of a program begins with that is meant for its parent; whatever else it writes is passed on to be read. */
export const REPORT_MARK = '@bench '
