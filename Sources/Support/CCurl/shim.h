#ifndef RACKPOOL_CCURL_SHIM_H
#define RACKPOOL_CCURL_SHIM_H

#include <curl/curl.h>
#include <stdint.h>
/* What the thread that drives libcurl waits with; Swift's Glibc module leaves them out. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* Swift cannot call variadic functions, and libcurl's setters and getters are. Each function here
 * fixes one type of the last argument; the caller matches it to the option, as libcurl's manual
 * (curl_easy_setopt(3), curl_multi_setopt(3), curl_easy_getinfo(3)) names it. The parentheses
 * keep libcurl's type-checking macros, which want a constant option, out of the way. */

static inline CURLcode rackpool_easy_set_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode rackpool_easy_set_offset(CURL *easy, CURLoption option, int64_t value) {
    return (curl_easy_setopt)(easy, option, (curl_off_t)value);
}

static inline CURLcode rackpool_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode rackpool_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode rackpool_easy_set_list(CURL *easy, CURLoption option,
                                              struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}

/* CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode rackpool_easy_set_write_callback(CURL *easy, CURLoption option,
                                                        curl_write_callback callback) {
    return (curl_easy_setopt)(easy, option, callback);
}

static inline CURLcode rackpool_easy_set_prereq_callback(CURL *easy,
                                                         curl_prereq_callback callback) {
    return (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode rackpool_easy_set_opensocket_callback(CURL *easy,
                                                             curl_opensocket_callback callback) {
    return (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline CURLcode rackpool_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

/* CURLINFO_CERTINFO. */
static inline CURLcode rackpool_easy_get_certificates(CURL *easy, struct curl_certinfo **value) {
    return (curl_easy_getinfo)(easy, CURLINFO_CERTINFO, value);
}

/* CURLINFO_PRIVATE. */
static inline CURLcode rackpool_easy_get_private(CURL *easy, void **value) {
    return (curl_easy_getinfo)(easy, CURLINFO_PRIVATE, value);
}

static inline CURLMcode rackpool_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLMcode rackpool_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLMcode rackpool_multi_set_socket_callback(CURLM *multi,
                                                           curl_socket_callback callback) {
    return (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode rackpool_multi_set_timer_callback(CURLM *multi,
                                                          curl_multi_timer_callback callback) {
    return (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, callback);
}

/* Values that are macros with casts, which Swift does not import. */
static inline CURLcode rackpool_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static const long rackpool_auth_basic = (long)CURLAUTH_BASIC;
static const curl_socket_t rackpool_socket_timeout = CURL_SOCKET_TIMEOUT;

/* The result of the transfer that CURLMSG_DONE reports; the union is awkward from Swift. */
static inline CURLcode rackpool_message_result(const CURLMsg *message) {
    return message->data.result;
}

/* Names the calling thread (prctl(2), at most 15 bytes), for whoever looks at the process. */
static inline void rackpool_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

#endif
