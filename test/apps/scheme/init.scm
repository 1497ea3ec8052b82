(add-to-load-path (dirname (current-filename)))
(use-modules (tide)
             (web server)
             (web uri)
             (web request))

(define port (string->number (or (getenv "PORT") "8080")))

(define (answer request body)
  (values '((content-type . (application/json)))
          (format #f "{\"app\":\"scheme\",\"path\":~s,\"tide\":\"~a\"}\n"
                  (uri-path (request-uri request))
                  (tide-at 7))))

(run-server answer 'http (list #:addr INADDR_ANY #:port port))
