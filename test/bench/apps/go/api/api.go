// Package api is the HTTP interface.
package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/github.com/gin-gonic/gin/otelgin"
	"go.uber.org/zap"

	"example.com/parcels/store"
)

const greeting = "parcels"

// New is the handler of all paths.
func New(log *zap.Logger, parcels store.Parcels) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	metrics := prometheus.NewRegistry()
	requests := promauto.With(metrics).NewHistogramVec(
		prometheus.HistogramOpts{Name: "request_seconds", Help: "Time to answer."}, []string{"path"})
	r := gin.New()
	r.Use(gin.Recovery(), otelgin.Middleware("parcels"), func(c *gin.Context) {
		start := time.Now()
		c.Next()
		requests.WithLabelValues(c.FullPath()).Observe(time.Since(start).Seconds())
		log.Info("request", zap.String("path", c.Request.URL.Path), zap.Int("status", c.Writer.Status()))
	})
	r.GET("/health", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"app": greeting, "request": uuid.NewString()})
	})
	r.GET("/parcels", func(c *gin.Context) {
		all, err := parcels.All(c.Request.Context())
		if err != nil {
			c.JSON(http.StatusServiceUnavailable, gin.H{"error": err.Error()})
			return
		}
		c.JSON(http.StatusOK, all)
	})
	r.GET("/metrics", gin.WrapH(promhttp.HandlerFor(metrics, promhttp.HandlerOpts{})))
	return r
}
