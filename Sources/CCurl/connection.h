// Doors for the load engine's connections: dialling through a multi handle, raw send and receive, TLS sessions, epoll.
//
// libcurl's setopt and getinfo are variadic, which Swift cannot call; each type they take has its door here.
// epoll is here because Glibc's module does not export it, and because `struct epoll_event` is packed, which Swift
// cannot import.
#ifndef LOADCHAOS_CCURL_CONNECTION_H
#define LOADCHAOS_CCURL_CONNECTION_H
#include <curl/curl.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// MARK: easy handles

static inline CURLcode lc_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode lc_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode lc_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode lc_easy_set_slot(CURL *easy, uint32_t slot) {
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)(uintptr_t)slot);
}
static inline uint32_t lc_easy_slot(CURL *easy) {
    char *slot = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
    return (uint32_t)(uintptr_t)slot;
}
// The TLS session of a handle that has sent or received, with the connected socket under it and no longer libcurl. NULL
// where libcurl has another TLS library.
static inline void *lc_easy_take_session(CURL *easy, int fd) {
    struct curl_tlssessioninfo *info = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || !info || !info->internals) return NULL;
    if (info->backend != CURLSSLBACKEND_OPENSSL || SSL_set_fd((SSL *)info->internals, fd) != 1) return NULL;
    SSL *session = info->internals;
    SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // All that has come in one call, not the head of each record and then its body. Whoever reads must go on until nothing
    // is left, as the socket does not say what OpenSSL holds: so not where libcurl reads.
    SSL_set_read_ahead(session, 1);
    return session;
}
// How many bytes; 0: the peer closed, or the connection broke; -1: nothing now.
static inline long lc_session_result(SSL *session, int result) {
    if (result > 0) return result;
    int error = SSL_get_error(session, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? -1 : 0;
}
static inline long lc_session_send(void *session, const void *bytes, size_t count) {
    ERR_clear_error();
    return lc_session_result((SSL *)session, SSL_write((SSL *)session, bytes, (int)count));
}
static inline long lc_session_receive(void *session, void *room, size_t count) {
    ERR_clear_error();
    return lc_session_result((SSL *)session, SSL_read((SSL *)session, room, (int)count));
}
static inline CURLcode lc_easy_set_share(CURL *easy, CURLSH *share) {
    return curl_easy_setopt(easy, CURLOPT_SHARE, share);
}
// TLS sessions, between handles of one thread.
static inline CURLSHcode lc_share_sessions(CURLSH *share) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}
// -1 if the handle has no open connection.
static inline int lc_easy_socket(CURL *easy) {
    curl_socket_t fd = CURL_SOCKET_BAD;
    return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK ? (int)fd : -1;
}
static inline const char *lc_easy_remote_address(CURL *easy) {
    char *address = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK ? address : NULL;
}
// Sockets are opened and closed by these; libcurl sets them up.
static inline CURLcode lc_easy_on_sockets(
    CURL *easy, curl_opensocket_callback open, curl_closesocket_callback close, void *context) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, context);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close);
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
}
// Microseconds from the start of the dial, 0 if that stage was not reached.
static inline int64_t lc_easy_time(CURL *easy, CURLINFO stage) {
    curl_off_t time = 0;
    return curl_easy_getinfo(easy, stage, &time) == CURLE_OK ? (int64_t)time : 0;
}

// MARK: multi handles

static inline CURLMcode lc_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode lc_multi_on_socket(CURLM *multi, curl_socket_callback callback, void *context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
static inline CURLMcode lc_multi_on_timer(CURLM *multi, curl_multi_timer_callback callback, void *context) {
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}
// The next finished dial and its result; NULL when there is none.
static inline CURL *lc_multi_next_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

// MARK: epoll

static inline void *lc_epoll_events(int capacity) {
    return calloc((size_t)capacity, sizeof(struct epoll_event));
}
static inline uint64_t lc_epoll_token(const void *events, int index) {
    return ((const struct epoll_event *)events)[index].data.u64;
}
static inline uint32_t lc_epoll_flags(const void *events, int index) {
    return ((const struct epoll_event *)events)[index].events;
}
// Adds the descriptor, or changes what it is watched for. 0, or -1 with errno.
static inline int lc_epoll_watch(int epoll, int fd, uint32_t flags, uint64_t token) {
    struct epoll_event event;
    event.events = flags;
    event.data.u64 = token;
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
    if (errno != ENOENT) return -1;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}
static inline int lc_epoll_forget(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }

// Waits at most `timeout_ns` (-1: for ever). epoll_pwait2 takes nanoseconds but needs Linux 5.11; without it the wait is
// cut to whole milliseconds, rounded down, so that the last fraction is spun rather than overslept.
static inline int lc_epoll_wait(int epoll, void *events, int capacity, int64_t timeout_ns) {
    static int has_pwait2 = 1;
    if (timeout_ns >= 0 && __atomic_load_n(&has_pwait2, __ATOMIC_RELAXED)) {
        struct timespec timeout = { timeout_ns / 1000000000, timeout_ns % 1000000000 };
        int count = epoll_pwait2(epoll, (struct epoll_event *)events, capacity, &timeout, NULL);
        if (count >= 0 || errno != ENOSYS) return count;
        __atomic_store_n(&has_pwait2, 0, __ATOMIC_RELAXED);
    }
    int64_t timeout_ms = timeout_ns < 0 ? -1 : timeout_ns / 1000000;
    if (timeout_ms > 60000) timeout_ms = 60000;
    return epoll_wait(epoll, (struct epoll_event *)events, capacity, (int)timeout_ms);
}

// MARK: the thread

// How many CPUs this process may use; at least 1.
static inline int lc_usable_processors(void) {
    // The call itself: glibc's cpu_set_t macros need _GNU_SOURCE, which Swift's Glibc module is built without.
    unsigned long mask[128] = { 0 };
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);
    int count = 0;
    for (long i = 0; i < bytes / (long)sizeof(mask[0]); i++) count += __builtin_popcountl(mask[i]);
    return count > 0 ? count : 1;
}
// How far the kernel may delay this thread's timers to batch them: 50 us unless told otherwise. 0 = the default.
static inline int lc_set_timer_slack(unsigned long slack_ns) { return prctl(PR_SET_TIMERSLACK, slack_ns, 0, 0, 0); }
#endif
