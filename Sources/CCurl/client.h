// Doors for the plain client: one request, one whole answer.
//
// libcurl's setopt and getinfo are variadic, which Swift cannot call; each type the client needs has its door here.
#ifndef LOADCHAOS_CCURL_CLIENT_H
#define LOADCHAOS_CCURL_CLIENT_H
#include <curl/curl.h>

typedef size_t (*lc_client_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode lc_client_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode lc_client_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode lc_client_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
// Copies the body, so that it need not outlive the call.
static inline CURLcode lc_client_set_body(CURL *easy, const void *bytes, curl_off_t count) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}
static inline CURLcode lc_client_set_error_buffer(CURL *easy, char *buffer) {
    return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}
static inline CURLcode lc_client_on_body(CURL *easy, lc_client_receiver receiver, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receiver);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}
static inline CURLcode lc_client_on_header(CURL *easy, lc_client_receiver receiver, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receiver);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}
static inline long lc_client_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}
// NULL if libcurl has none; valid until the handle's next transfer.
static inline const char *lc_client_get_string(CURL *easy, CURLINFO info) {
    char *value = NULL;
    curl_easy_getinfo(easy, info, &value);
    return value;
}
// The result of the one finished transfer of `multi`; 0 as long as none has finished.
static inline int lc_client_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return 1;
        }
    }
    return 0;
}
#endif
