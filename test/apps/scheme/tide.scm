(define-module (tide)
  #:export (tide-at))

;; The tide turns each six hours.
(define (tide-at hour)
  (if (even? (quotient hour 6)) 'rising 'falling))
